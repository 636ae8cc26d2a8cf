/** TB315: the branch is added to the normed copy, and the residual stream itself is lost. */
import { t } from '@vscode/l10n';
import type { Sketch } from '../../graph/index.ts';
import { type Diagnostic, diagnostic, type Fix } from '../../shapes/index.ts';
import type { SourceRange } from '../../trace/index.ts';
import type { Analysis } from '../analysis.ts';
import type { Lint } from './lint.ts';
import { dependsOn, nameOf, normsOf, placeIn, residualAdditions, sameCallers } from './sketches.ts';
import { wordIn } from './text.ts';

export const normedResidual: Lint = {
  codes: ['normedResidual'],
  check: ({ analysis, sketches }) => sketches.flatMap(({ sketch }) => reportsIn(analysis, sketch)),
};

function reportsIn(analysis: Analysis, sketch: Sketch): readonly Diagnostic[] {
  const norms = normsOf(sketch);
  const additions = residualAdditions(sketch);
  return additions.flatMap(({ sum, stream }) => {
    const made = sketch.nodes[sum];
    const norm = norms.find(
      ({ result, callers }) =>
        result === stream && made !== undefined && sameCallers(callers, made.node.callers),
    );
    if (norm === undefined || made === undefined) return [];
    // After an addition of its own the norm is a step of the stream: post-norm.
    const isArgument = sketch.graph.inputs.some(({ id }) => id === norm.input);
    const isRawElsewhere = additions.some(
      (other) =>
        other.stream !== stream &&
        norms.some(
          ({ input, result }) => input === other.stream && dependsOn(sketch, other.added, result),
        ),
    );
    if (!isArgument && !isRawElsewhere) return [];
    const source = placeIn(analysis.uri, made);
    if (source === undefined) return [];
    const [normed, raw] = [stream, norm.input].map((id) =>
      nameOf(sketch, id, (name) => outermostWord(name, analysis.textOf(source)) !== undefined),
    );
    if (normed === undefined || raw === undefined) return [];
    const message = t`This adds to ${normed}, the normed copy, so the residual stream ${raw} ends here.`;
    const related =
      norm.label.uri === analysis.uri ? [{ source: norm.label, message: t`normed here` }] : [];
    const fixes = rawFix(analysis, source, normed, raw);
    return [diagnostic('normedResidual', source, message, { related, fixes })];
  });
}

/** The normed name in the sum becomes the stream's, where the two have names of their own. */
function rawFix(
  analysis: Analysis,
  source: SourceRange,
  normed: string,
  raw: string,
): readonly Fix[] {
  const text = analysis.textOf(source);
  const at = outermostWord(normed, text);
  if (normed === raw || normed === '' || raw === '' || at === undefined) return [];
  const start = source.start + at;
  const place = { uri: source.uri, start, end: start + normed.length };
  return [{ title: t`Add to ${raw}`, edits: [{ source: place, text: raw }] }];
}

/** Where a name stands in a sum itself, not in the arguments of a call. */
function outermostWord(name: string, text: string): number | undefined {
  let depth = 0;
  const outside = [...text].map((character) => {
    if (')]'.includes(character)) depth -= 1;
    const shown = depth > 0 ? ' ' : character;
    if ('(['.includes(character)) depth += 1;
    return shown;
  });
  return name === '' ? undefined : wordIn(name, outside.join(''));
}
