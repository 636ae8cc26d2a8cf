import { t } from '@vscode/l10n';
import {
  type Dim,
  formatDim,
  formatShape,
  literalOf,
  productOfDims,
  type Shape,
  sameDim,
} from '../dims/index.ts';
import { demandSame } from './families/axis-rules.ts';
import { rearrangeFlow } from './families/flows.ts';
import {
  groupsFor,
  hasEllipsis,
  type RearrangePattern,
  readRearrange,
} from './families/rearrange-pattern.ts';
import { countOf, type StridedView, stridesOf } from './families/row-major.ts';
import { arranged } from './families/strided.ts';
import { type Op, OpFault, type RunCall, type ShapeCall } from './op.ts';

export const rearrange: Op = {
  name: 'rearrange',
  doc: 'Splits, orders and merges axes by an einops pattern: `rearrange(x, "n (h k) -> h n k", h: heads)`; it never drops or repeats values.',
  signature: 'rearrange(x: [...], pattern: string, ...sizes: dim) -> [...]',
  flow: rearrangeFlow,
  operations: 0,
  role: 'rearrangement',
  result: 'as operand',
  shape: rearrangedShape,
  ...arranged(rearranged),
  vjp: { none: 'The inverse pattern is another text.' },
  torch: 'einops.rearrange({x}, {pattern}, {sizes})',
  onnx: 'Reshape(Transpose(Reshape))',
  tolerance: 0,
  examples: [
    {
      inputs: { x: { normal: [3, 8], seed: 1 } },
      attributes: { pattern: 'n (h k) -> h n k' },
      rest: [{ name: 'h', value: 2 }],
    },
    {
      inputs: { x: { normal: [2, 3, 4], seed: 2 } },
      attributes: { pattern: '... h n k -> ... n (h k)' },
    },
    {
      inputs: { x: { normal: [2, 2, 3, 4], seed: 3 } },
      attributes: { pattern: '... h n k -> ... n (h k)' },
    },
    {
      inputs: { x: { normal: [1, 6, 4], seed: 4 } },
      attributes: { pattern: '1 (a b) c -> b 1 (c a) 1' },
      rest: [{ name: 'a', value: 3 }],
    },
    { inputs: { x: { normal: [2, 3], seed: 5 } }, attributes: { pattern: 'a b -> b a' } },
  ],
};

function rearrangedShape(call: ShapeCall): Shape {
  const shape = call.input('x');
  const text = call.text('pattern');
  const pattern = readRearrange(text);
  if ('problem' in pattern) return call.fail({ kind: 'pattern', message: pattern.problem });
  const { left, right } = pattern;
  const plain = left.filter(({ kind }) => kind === 'group').length;
  const open = hasEllipsis(left);
  if (shape.lead && !(left[0]?.kind === 'ellipsis' && right[0]?.kind === 'ellipsis')) {
    const message = t`The leading axes of ${formatShape(shape)} are not known here: begin both sides of "${text}" with "...".`;
    call.fail({ kind: 'undecided', operand: 'x', message });
  }
  const leading = shape.axes.length - plain;
  if (leading < 0 || (leading > 0 && !open)) {
    const message = open
      ? t`The pattern "${text}" takes ${plain} or more axes, but x is ${formatShape(shape)}.`
      : t`The pattern "${text}" takes ${plain} axes, but x is ${formatShape(shape)}.`;
    call.fail({ kind: shape.lead ? 'undecided' : 'rank', operand: 'x', message });
  }
  const lengths = namedSizes(call, text, pattern);
  groupsFor(left, leading).forEach((names, axis) => {
    solveAxis(call, names, shape.axes[axis] as Dim, lengths);
  });
  const axes = groupsFor(right, leading).map((names) =>
    productOfDims(names.map((name) => lengths.get(name) as Dim)),
  );
  return { lead: shape.lead, axes };
}

function namedSizes(call: ShapeCall, text: string, { left }: RearrangePattern): Map<string, Dim> {
  const known = new Set(groupsFor(left, 0).flat());
  const lengths = new Map<string, Dim>();
  for (const { name, value } of call.rest) {
    if (name !== undefined && known.has(name)) {
      lengths.set(name, value);
      continue;
    }
    const message =
      name === undefined
        ? t`A length for rearrange needs the name that it has in the pattern, as in "h: ${formatDim(value)}".`
        : t`The pattern "${text}" has no axis "${name}".`;
    call.fail({ kind: 'pattern', message });
  }
  return lengths;
}

/** Finds the one length of a group that is not given, or checks those that are. */
function solveAxis(
  call: ShapeCall,
  names: readonly string[],
  length: Dim,
  lengths: Map<string, Dim>,
): void {
  const open = names.filter((name) => !lengths.has(name));
  const [missing, another] = open;
  if (missing !== undefined && another !== undefined) {
    const message = t`The axis (${names.join(' ')}) of length ${formatDim(length)} needs the lengths of all its parts but one: give "${missing}" or "${another}".`;
    call.fail({ kind: 'pattern', message });
  }
  const known = productOfDims(names.flatMap((name) => lengths.get(name) ?? []));
  if (missing !== undefined) {
    lengths.set(
      missing,
      names.length === 1 ? length : call.divide(length, known, t`The length of "${missing}"`),
    );
    return;
  }
  if (sameDim(known, length)) return;
  if (literalOf(known) !== undefined && literalOf(length) !== undefined) {
    const written = names.length === 0 ? '1' : `(${names.join(' ')})`;
    const message = t`The pattern's ${written} is ${formatDim(known)} long, but the axis of x is ${formatDim(length)}.`;
    call.fail({ kind: 'axis', operand: 'x', message });
  }
  demandSame(
    call,
    known,
    length,
    names.length === 0 ? t`An axis that the pattern calls 1` : `(${names.join(' ')})`,
  );
}

function rearranged({ input, text, rest }: RunCall<{ shape: readonly number[] }>): StridedView {
  const { shape } = input('x');
  const pattern = readRearrange(text('pattern'));
  if ('problem' in pattern) throw new OpFault(pattern.problem);
  const leading = shape.length - pattern.left.filter(({ kind }) => kind === 'group').length;
  const left = groupsFor(pattern.left, leading);
  const sizes = new Map(rest.map(({ name, value }) => [name, value]));
  const split = left.map((names, axis) => {
    const known = names.map((name) => sizes.get(name));
    const given = countOf(known.map((size) => size ?? 1));
    return known.map((size) => size ?? (shape[axis] as number) / given);
  });
  const names = left.flat();
  const lengths = split.flat();
  const strides = stridesOf(lengths);
  const order = groupsFor(pattern.right, leading)
    .flat()
    .map((name) => names.indexOf(name));
  return {
    shape: order.map((at) => lengths[at] as number),
    strides: order.map((at) => strides[at] as number),
    base: 0,
  };
}
