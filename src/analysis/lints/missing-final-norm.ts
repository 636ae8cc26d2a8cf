/** TB316: a pre-norm stream that meets the language model's head without a norm after its last write. */
import { t } from '@vscode/l10n';
import { sameDim } from '../../dims/index.ts';
import type { NodeId, Sketch, SketchNode } from '../../graph/index.ts';
import { type Diagnostic, diagnostic, type Fix } from '../../shapes/index.ts';
import type { SourceRange } from '../../trace/index.ts';
import type { Analysis } from '../analysis.ts';
import type { Lint } from './lint.ts';
import {
  dependsOn,
  isFed,
  nameOf,
  normsOf,
  operandsOf,
  placeIn,
  residualAdditions,
  roleOf,
} from './sketches.ts';
import { wordIn } from './text.ts';

export const missingFinalNorm: Lint = {
  codes: ['missingFinalNorm'],
  check: ({ analysis, sketches }) =>
    sketches
      .filter(({ target }) => target.kind === 'model')
      .flatMap(({ sketch }) => reportsIn(analysis, sketch)),
};

function reportsIn(analysis: Analysis, sketch: Sketch): readonly Diagnostic[] {
  const norms = normsOf(sketch);
  return outputsOf(sketch).flatMap((output) => {
    const head = headOf(sketch, output);
    const addition = residualAdditions(sketch).find(({ sum }) => sum === head?.stream);
    if (head === undefined || addition === undefined) return [];
    // A branch that reads a norm of the stream leaves the stream itself as it is.
    const norm = norms.find(
      ({ input, result }) => input === addition.stream && dependsOn(sketch, addition.added, result),
    );
    const source = placeIn(analysis.uri, head.made);
    if (norm === undefined || source === undefined) return [];
    const text = analysis.textOf(source);
    const name = nameOf(sketch, head.stream, (each) => wordIn(each, text) !== undefined);
    const message = t`${name || t`The stream`} is never normed after its last write, and meets the head as the sum of all writes.`;
    const fixes = normFix(analysis, source, name, norm.block.name);
    return [diagnostic('missingFinalNorm', source, message, { fixes })];
  });
}

function outputsOf({ graph }: Sketch): readonly NodeId[] {
  return graph.outputs.flatMap((path) => graph.values.get(graph.aliases.get(path) ?? path) ?? []);
}

interface Head {
  readonly made: SketchNode;
  readonly stream: NodeId;
}

/** The product of the stream and a parameter that an output is, a bias aside, of another width than the stream. */
function headOf(sketch: Sketch, output: NodeId): Head | undefined {
  const made = sketch.nodes[output];
  const operands = operandsOf(sketch, output);
  const [stream, ...more] = operands.filter((operand) => isFed(sketch, operand));
  if (made === undefined || stream === undefined || more.length > 0) return undefined;
  if (roleOf(sketch, output) === 'addition') return headOf(sketch, stream);
  if (roleOf(sketch, output) !== 'matrix product') return undefined;
  const [before, after] = [sketch.nodes[stream]?.shape.axes.at(-1), made.shape.axes.at(-1)];
  const widens = before !== undefined && after !== undefined && !sameDim(before, after);
  return widens ? { made, stream } : undefined;
}

function normFix(
  analysis: Analysis,
  source: SourceRange,
  name: string,
  norm: string,
): readonly Fix[] {
  const at = name === '' ? undefined : wordIn(name, analysis.textOf(source));
  if (at === undefined || !analysis.program.named.has(norm)) return [];
  const start = source.start + at;
  const place = { uri: source.uri, start, end: start + name.length };
  return [
    {
      title: t`Wrap in ${norm}`,
      edits: [{ source: place, text: `${norm}(${name}) as ln_final` }],
    },
  ];
}
