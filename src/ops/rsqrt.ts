import { pointwise } from './families/pointwise.ts';
import type { KernelThread } from './op.ts';

export const rsqrt = pointwise({
  name: 'rsqrt',
  doc: 'One over the square root.',

  scalar: (x) => 1 / Math.sqrt(x),
  kernel: function (this: KernelThread, x: ArrayLike<number>): number {
    return 1 / Math.sqrt(x[this.thread.x] as number);
  },
  vjp: 'dx = -0.5 * dy * y / x',
  torch: 'torch.rsqrt({x})',
  onnx: 'Reciprocal(Sqrt)',
  examples: [
    {
      inputs: {
        x: [
          [1e-4, 0.25],
          [2, 1e6],
        ],
      },
    },
    { inputs: { x: 7 } },
  ],
});
