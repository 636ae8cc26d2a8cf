import { pointwise } from './families/pointwise.ts';
import type { KernelThread } from './op.ts';

export const exp = pointwise({
  name: 'exp',
  doc: 'The exponential of every value.',

  scalar: Math.exp,
  kernel: function (this: KernelThread, x: ArrayLike<number>): number {
    return Math.exp(x[this.thread.x] as number);
  },
  vjp: 'dx = dy * y',
  torch: 'torch.exp({x})',
  onnx: 'Exp',
  examples: [
    { inputs: { x: { normal: [2, 3, 4], seed: 1 } } },
    { inputs: { x: [-1000, -1, 0, 1, 3] } },
    { inputs: { x: [[-Infinity], [2]] } },
  ],
});
