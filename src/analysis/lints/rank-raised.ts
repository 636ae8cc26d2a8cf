/** TB314: a sum that broadcasts to more axes than the stream has, or to more than either side. */
import { t } from '@vscode/l10n';
import { formatShape, type Shape, sameShape } from '../../dims/index.ts';
import type { NodeId, Sketch } from '../../graph/index.ts';
import { type Diagnostic, diagnostic } from '../../shapes/index.ts';
import { flowOf } from '../flow-of.ts';
import type { Lint, Subject } from './lint.ts';
import { dependsOn, isFed, operandsOf, placeIn, roleOf } from './sketches.ts';

export const rankRaised: Lint = {
  codes: ['rankRaised'],
  check: (subject) =>
    subject.sketches.flatMap(({ sketch }) =>
      sketch.nodes.flatMap(({ node }) => report(subject, sketch, node.id)),
    ),
};

function report({ analysis }: Subject, sketch: Sketch, id: NodeId): readonly Diagnostic[] {
  const [a, b, ...others] = operandsOf(sketch, id);
  const made = sketch.nodes[id];
  if (a === undefined || b === undefined || others.length > 0 || made === undefined) return [];
  const [left, right] = [a, b].map((operand) => sketch.nodes[operand]?.shape);
  if (left === undefined || right === undefined || !isElementwise(sketch, id)) return [];
  if (sameShape(made.shape, left) && sameShape(made.shape, right)) return [];
  if (!isFed(sketch, a) || !isFed(sketch, b)) return [];
  const raised = raisesStream(sketch, id, a, b) || growsBoth(sketch, made.shape, a, b);
  const source = raised ? placeIn(analysis.uri, made) : undefined;
  if (source === undefined || made.node.source.uri !== analysis.uri) return [];
  const message = t`${formatShape(left)} and ${formatShape(right)} broadcast to ${formatShape(made.shape)} here, which neither side was meant to become.`;
  return [diagnostic('rankRaised', source, message)];
}

function isElementwise(sketch: Sketch, id: NodeId): boolean {
  const made = sketch.nodes[id];
  const flow = made && flowOf(sketch, made);
  return (
    flow !== undefined &&
    made?.node.kind === 'operator' &&
    made.node.op.operations !== 0 &&
    made.node.op.role !== 'matrix product' &&
    flow.operands.every((labels) =>
      labels.every((label) => flow.result.includes(label) || label.startsWith('one')),
    )
  );
}

/** The stream, of two axes or more, gets further ones from a branch that was computed from it. */
function raisesStream(sketch: Sketch, id: NodeId, a: NodeId, b: NodeId): boolean {
  if (roleOf(sketch, id) !== 'addition') return false;
  const rank = (node: NodeId) => sketch.nodes[node]?.shape.axes.length ?? 0;
  const [low, high] = rank(a) < rank(b) ? [a, b] : [b, a];
  return rank(low) >= 2 && rank(low) < rank(high) && dependsOn(sketch, high, low);
}

/** Each side is repeated along an axis of the other, and nobody wrote a new axis: [N] and [N, 1] make [N, N]. */
function growsBoth(sketch: Sketch, result: Shape, a: NodeId, b: NodeId): boolean {
  const grows = (node: NodeId) => {
    const shape = sketch.nodes[node]?.shape;
    return shape !== undefined && shape.axes.length > 0 && !sameShape(shape, result);
  };
  return grows(a) && grows(b) && !hasNewAxis(sketch, a) && !hasNewAxis(sketch, b);
}

/** Made by `x[:, none]`, moved or computed on since. */
function hasNewAxis(sketch: Sketch, id: NodeId): boolean {
  const node = sketch.nodes[id]?.node;
  if (node?.kind !== 'operator') return false;
  const { items } = node.attributes;
  if (Array.isArray(items) && items.some(({ kind }) => kind === 'new axis')) return true;
  return node.operands.some((operand) => hasNewAxis(sketch, operand.node));
}
