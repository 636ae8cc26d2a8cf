/** TB318: a block with a residual stream that returns another width than it takes. */
import { t } from '@vscode/l10n';
import { formatShape, sameDim } from '../../dims/index.ts';
import { diagnostic } from '../../shapes/index.ts';
import type { Lint } from './lint.ts';
import { residualAdditions } from './sketches.ts';

export const notStackable: Lint = {
  codes: ['notStackable'],
  check: ({ sketches }) =>
    sketches.flatMap(({ target, sketch }) => {
      if (target.kind !== 'block') return [];
      const [path = ''] = sketch.graph.outputs;
      const result = sketch.graph.values.get(sketch.graph.aliases.get(path) ?? path);
      const inputs = new Set(sketch.graph.inputs.map(({ id }) => id));
      const addition = residualAdditions(sketch).find(({ stream }) => inputs.has(stream));
      if (result === undefined || addition === undefined) return [];
      const [before, after] = [addition.stream, result].map((id) => sketch.nodes[id]?.shape);
      const [width, made] = [before?.axes.at(-1), after?.axes.at(-1)];
      if (before === undefined || after === undefined) return [];
      if (width === undefined || made === undefined || sameDim(width, made)) return [];
      const message = t`${target.name} adds to a residual stream ${formatShape(before)} and returns ${formatShape(after)}, so it cannot be stacked: a repeat needs one width.`;
      return [diagnostic('notStackable', target.resultSource ?? target.source, message)];
    }),
};
