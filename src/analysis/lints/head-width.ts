/** TB317: heads that do not divide the width, so that its last dimensions are in no head. */
import { t } from '@vscode/l10n';
import { formatDim, multiplyDims } from '../../dims/index.ts';
import type { NodeId, Sketch } from '../../graph/index.ts';
import { type Diagnostic, diagnostic, numberOf } from '../../shapes/index.ts';
import type { Analysis } from '../analysis.ts';
import type { Lint } from './lint.ts';
import { summedLength } from './missing-scale.ts';
import { attentionsOf, isFed, operandsOf, placeIn, roleOf } from './sketches.ts';

export const headWidth: Lint = {
  codes: ['headWidth'],
  check: ({ analysis, sketches }) =>
    sketches.flatMap(({ sketch }) =>
      attentionsOf(sketch).flatMap(({ softmax }) => report(analysis, sketch, softmax)),
    ),
};

function report(analysis: Analysis, sketch: Sketch, softmax: NodeId): readonly Diagnostic[] {
  const scores = behind(sketch, softmax);
  const projection = scores === undefined ? undefined : behind(sketch, scores);
  const made = scores === undefined ? undefined : sketch.nodes[scores];
  const heads = made?.shape.axes.at(-3);
  if (scores === undefined || projection === undefined || made === undefined) return [];
  const [headDim, width] = [summedLength(sketch, scores), summedLength(sketch, projection)];
  if (heads === undefined || headDim === undefined || width === undefined) return [];
  const [used, all, count] = [multiplyDims(heads, headDim), width, heads].map((dim) =>
    numberOf(analysis.dimFacts, dim),
  );
  if (used === undefined || all === undefined || count === undefined) return [];
  // Fewer dimensions may be meant; a remainder smaller than the heads is a division that was rounded.
  const left = all - used;
  const source = left > 0 && left < count ? placeIn(analysis.uri, made) : undefined;
  if (source === undefined) return [];
  const [each, whole] = [formatDim(headDim), formatDim(width)];
  const message =
    left === 1
      ? t`${count} heads of ${each} use ${used} of the ${all} dimensions of ${whole}: 1 is in no head.`
      : t`${count} heads of ${each} use ${used} of the ${all} dimensions of ${whole}: ${left} are in no head.`;
  return [diagnostic('headWidth', source, message)];
}

/** The product of data that a value was made of. */
function behind(sketch: Sketch, id: NodeId): NodeId | undefined {
  for (let at: NodeId | undefined = first(sketch, id); at !== undefined; at = first(sketch, at)) {
    if (roleOf(sketch, at) === 'matrix product') return at;
  }
  return undefined;
}

function first(sketch: Sketch, id: NodeId): NodeId | undefined {
  return operandsOf(sketch, id).find((operand) => isFed(sketch, operand));
}
