/**
 * TB311: attention scores that are not divided by √d_k. The product of two vectors of d_k independent numbers has
 * variance d_k, and a softmax of large numbers has no gradient (Vaswani et al. 2017, section 3.2.1).
 */
import { t } from '@vscode/l10n';
import { type Dim, formatDim, literalOf } from '../../dims/index.ts';
import type { NodeId, Sketch } from '../../graph/index.ts';
import { overRoot } from '../../ops/index.ts';
import { type Diagnostic, diagnostic, writeDim } from '../../shapes/index.ts';
import { flowOf } from '../flow-of.ts';
import type { Lint, Subject } from './lint.ts';
import { attentionsOf, isFed, operandsOf, roleOf } from './sketches.ts';

export const missingScale: Lint = {
  codes: ['missingScale'],
  check: (subject) =>
    subject.sketches.flatMap(({ sketch }) =>
      attentionsOf(sketch).flatMap(({ softmax }) => report(subject, sketch, softmax)),
    ),
};

function report({ analysis }: Subject, sketch: Sketch, softmax: NodeId): readonly Diagnostic[] {
  const product = unscaledProduct(sketch, softmax);
  const width = product === undefined ? undefined : summedLength(sketch, product);
  const made = product === undefined ? undefined : sketch.nodes[product];
  if (made === undefined || width === undefined || made.node.source.uri !== analysis.uri) return [];
  if (literalOf(width) === 1) return [];
  const { source } = made.node;
  const message = t`These scores are sums of ${formatDim(width)} products and are not divided by √${rooted(width)}: the larger ${rooted(width)} is, the more the softmax saturates.`;
  const text = overRoot(writeDim(width));
  const at = { uri: source.uri, start: source.end, end: source.end };
  return [
    diagnostic('missingScale', source, message, {
      fixes: [{ title: t`Divide by √${rooted(width)}`, edits: [{ source: at, text }] }],
    }),
  ];
}

function rooted(width: Dim): string {
  const text = formatDim(width);
  return /[ ·]/.test(text) ? `(${text})` : text;
}

/** The product of two values of data that a softmax gets as it is, masks and biases aside. */
function unscaledProduct(sketch: Sketch, softmax: NodeId): NodeId | undefined {
  const stack = [...operandsOf(sketch, softmax)];
  let found: NodeId | undefined;
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const role = roleOf(sketch, top);
    if (role === 'scaling' || role === 'reduction' || role === 'softmax') return undefined;
    if (role === 'matrix product') {
      if (!operandsOf(sketch, top).every((operand) => isUnscaled(sketch, operand)))
        return undefined;
      found = top;
    } else stack.push(...operandsOf(sketch, top).filter((operand) => isFed(sketch, operand)));
  }
  return found;
}

/** Queries or keys as their projection gives them; what comes from outside may be scaled there. */
function isUnscaled(sketch: Sketch, id: NodeId): boolean {
  const role = roleOf(sketch, id);
  if (role === 'matrix product') return isFed(sketch, id);
  if (role === 'scaling' || role === 'reduction' || role === 'softmax') return false;
  const data = operandsOf(sketch, id).filter((operand) => isFed(sketch, operand));
  return data.length > 0 && data.every((operand) => isUnscaled(sketch, operand));
}

/** The length of the one axis that a product sums over. */
export function summedLength(sketch: Sketch, product: NodeId): Dim | undefined {
  const made = sketch.nodes[product];
  const flow = made && flowOf(sketch, made);
  const [first] = flow?.operands ?? [];
  const summed = first?.flatMap((label, axis) =>
    flow?.result.includes(label) || label.startsWith('one') ? [] : [axis],
  );
  const [axis, ...more] = summed ?? [];
  const [operand] = operandsOf(sketch, product);
  if (axis === undefined || more.length > 0 || operand === undefined) return undefined;
  return sketch.nodes[operand]?.shape.axes[axis];
}
