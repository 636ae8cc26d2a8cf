import { rowExponentials, rowMaximum } from './families/row-kernels.ts';
import { byStatistics, rowwise } from './families/rowwise.ts';
import type { KernelThread } from './op.ts';

export const logSoftmax = rowwise({
  name: 'log_softmax',
  doc: 'The logarithm of softmax, computed without loss for small probabilities.',
  tolerance: 1e-5,
  operations: 5,
  row: (row) => {
    const top = row.reduce((a, b) => Math.max(a, b), -Infinity);
    const sum = row.reduce((total, value) => total + Math.exp(value - top), 0);
    return row.map((value) => value - top - Math.log(sum));
  },
  along: (view) => ({ kind: 'softmax', log: true, along: view }),
  steps: byStatistics([rowMaximum, rowExponentials], {
    name: 'log_softmax_apply',
    source: function (
      this: KernelThread,
      x: ArrayLike<number>,
      maximum: ArrayLike<number>,
      sum: ArrayLike<number>,
      length: number,
      inner: number,
    ): number {
      const row = Math.floor(this.thread.x / (length * inner)) * inner + (this.thread.x % inner);
      return (x[this.thread.x] as number) - (maximum[row] as number) - Math.log(sum[row] as number);
    },
  }),
  vjp: 'dx = dy - exp(y) * sum(dy, axis: axis, keepdims: true)',
  torch: 'torch.log_softmax({x}, dim={axis})',
  onnx: 'LogSoftmax',
  examples: [
    { inputs: { x: { normal: [2, 3, 4], seed: 1 } } },
    { inputs: { x: { normal: [2, 3, 4], seed: 2 } }, attributes: { axis: 0 } },
    {
      inputs: {
        x: [
          [0, -Infinity, 5],
          [1000, 0, -1000],
        ],
      },
    },
  ],
});
