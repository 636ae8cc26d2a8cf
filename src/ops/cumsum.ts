import { alongFlow } from './families/flows.ts';
import { rowwise } from './families/rowwise.ts';
import type { KernelThread } from './op.ts';

export const cumsum = rowwise({
  name: 'cumsum',
  doc: 'The sum of all values up to and including each one, along an axis.',
  result: 'as operand',
  flow: alongFlow('running'),
  tolerance: 1e-4,
  row: (row) => {
    let sum = 0;
    return row.map((value) => {
      sum += value;
      return sum;
    });
  },
  statistics: [],
  apply: {
    name: 'cumsum',
    source: function (
      this: KernelThread,
      x: ArrayLike<number>,
      length: number,
      inner: number,
    ): number {
      const position = Math.floor(this.thread.x / inner) % length;
      let sum = 0.0;
      for (let back = 0; back <= position; back++) {
        sum += x[this.thread.x - back * inner] as number;
      }
      return sum;
    },
  },
  vjp: 'dx = sum(dy, axis: axis, keepdims: true) - cumsum(dy, axis: axis) + dy',
  torch: 'torch.cumsum({x}, dim={axis})',
  onnx: 'CumSum',
  examples: [
    { inputs: { x: { normal: [2, 3, 4], seed: 1 } } },
    { inputs: { x: { normal: [2, 3, 4], seed: 2 } }, attributes: { axis: 0 } },
    { inputs: { x: [1, 2, 3] } },
  ],
});
