import { pointwise } from './families/pointwise.ts';
import type { KernelThread } from './op.ts';

export const sqrt = pointwise({
  name: 'sqrt',
  doc: 'The square root; NaN below 0.',

  scalar: Math.sqrt,
  kernel: function (this: KernelThread, x: ArrayLike<number>): number {
    return Math.sqrt(x[this.thread.x] as number);
  },
  vjp: 'dx = dy / (2 * y)',
  torch: 'torch.sqrt({x})',
  onnx: 'Sqrt',
  examples: [
    {
      inputs: {
        x: [
          [0, 0.25],
          [2, 1e6],
        ],
      },
    },
    { inputs: { x: 7 } },
  ],
});
