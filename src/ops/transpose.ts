import { demandRank } from './families/axis-rules.ts';
import { labelsOf } from './families/flows.ts';
import { type StridedView, stridesOf } from './families/row-major.ts';
import { arranged } from './families/strided.ts';
import type { Op } from './op.ts';

export const transpose: Op = {
  name: 'transpose',
  doc: 'Swaps the last two axes.',
  signature: 'transpose(x: [..., n, m]) -> [..., m, n]',
  flow: ({ operands, result }) => {
    const labels = operands[0] === undefined ? [] : labelsOf(operands[0].shape);
    const [a = '', b = ''] = labels.slice(-2);
    return result.axes.length < 2
      ? undefined
      : { operands: [labels], result: [...labels.slice(0, -2), b, a] };
  },
  operations: 0,
  notation: { kind: 'member', symbol: 'T' },
  result: 'as operand',
  shape: (call) => {
    const { lead, axes } = demandRank(call, 'x', 2);
    return { lead, axes: swapLast(axes) };
  },
  ...arranged(({ input }) => transposed(input('x').shape)),
  vjp: 'dx = dy.T',
  torch: '{x}.transpose(-2, -1)',
  onnx: 'Transpose',
  tolerance: 0,
  examples: [
    { inputs: { x: { normal: [3, 4], seed: 1 } } },
    { inputs: { x: { normal: [2, 3, 4], seed: 2 } } },
    { inputs: { x: { normal: [2, 1, 4], seed: 3 } } },
  ],
};

function transposed(shape: readonly number[]): StridedView {
  return { shape: swapLast(shape), strides: swapLast(stridesOf(shape)), base: 0 };
}

function swapLast<Item>(items: readonly Item[]): readonly Item[] {
  return [...items.slice(0, -2), ...items.slice(-1), ...items.slice(-2, -1)];
}
