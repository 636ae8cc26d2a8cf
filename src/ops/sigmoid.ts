import { pointwise } from './families/pointwise.ts';
import type { KernelThread } from './op.ts';

export const sigmoid = pointwise({
  name: 'sigmoid',
  doc: 'The logistic function 1 / (1 + exp(-x)).',

  scalar: (x) => 1 / (1 + Math.exp(-x)),
  kernel: function (this: KernelThread, x: ArrayLike<number>): number {
    const value = x[this.thread.x] as number;
    // Of a negative number, so that it cannot overflow.
    const small = Math.exp(-Math.abs(value));
    return (value < 0 ? small : 1.0) / (1 + small);
  },
  vjp: 'dx = dy * y * (1 - y)',
  torch: 'torch.sigmoid({x})',
  onnx: 'Sigmoid',
  examples: [
    { inputs: { x: { normal: [2, 3, 4], seed: 1 } } },
    { inputs: { x: [-200, -3, 0, 3, 200] } },
  ],
});
