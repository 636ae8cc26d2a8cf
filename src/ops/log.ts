import { pointwise } from './families/pointwise.ts';
import type { KernelThread } from './op.ts';

export const log = pointwise({
  name: 'log',
  doc: 'The natural logarithm: -inf at 0, NaN below.',

  scalar: Math.log,
  kernel: function (this: KernelThread, x: ArrayLike<number>): number {
    return Math.log(x[this.thread.x] as number);
  },
  vjp: 'dx = dy / x',
  torch: 'torch.log({x})',
  onnx: 'Log',
  examples: [
    {
      inputs: {
        x: [
          [1e-5, 0.5],
          [1, 20000],
        ],
      },
    },
    { inputs: { x: [0.25, 2, 10] } },
  ],
});
