import { rowExponentials, rowMaximum } from './families/row-kernels.ts';
import { byStatistics, rowwise } from './families/rowwise.ts';
import type { KernelThread } from './op.ts';

export const softmax = rowwise({
  name: 'softmax',
  doc: 'exp(x) divided by its sum along an axis; -inf becomes exactly 0, and a row of nothing but -inf NaN, as in PyTorch.',
  role: 'softmax',
  operations: 5,
  row: (row) => {
    const top = row.reduce((a, b) => Math.max(a, b), -Infinity);
    const exponentials = row.map((value) => Math.exp(value - top));
    const sum = exponentials.reduce((a, b) => a + b, 0);
    return exponentials.map((value) => value / sum);
  },
  along: (view) => ({ kind: 'softmax', log: false, along: view }),
  steps: byStatistics([rowMaximum, rowExponentials], {
    name: 'softmax_apply',
    source: function (
      this: KernelThread,
      x: ArrayLike<number>,
      maximum: ArrayLike<number>,
      sum: ArrayLike<number>,
      length: number,
      inner: number,
    ): number {
      const row = Math.floor(this.thread.x / (length * inner)) * inner + (this.thread.x % inner);
      return (
        Math.exp((x[this.thread.x] as number) - (maximum[row] as number)) / (sum[row] as number)
      );
    },
  }),
  vjp: 'dx = y * (dy - sum(dy * y, axis: axis, keepdims: true))',
  torch: 'torch.softmax({x}, dim={axis})',
  onnx: 'Softmax',
  examples: [
    { inputs: { x: { normal: [2, 3, 4], seed: 1 } } },
    { inputs: { x: { normal: [2, 3, 4], seed: 2 } }, attributes: { axis: 1 } },
    {
      inputs: {
        x: [
          [0, -Infinity, -Infinity],
          [-1e4, -1e4, -Infinity],
          [1000, 0, -1000],
        ],
      },
    },
    { inputs: { x: [[-Infinity, -Infinity]] } },
    { inputs: { x: { normal: [2, 3072], seed: 3 } } },
  ],
});
