import { pointwise } from './families/pointwise.ts';
import type { KernelThread } from './op.ts';

export const softplus = pointwise({
  name: 'softplus',
  doc: 'log(1 + exp(x)), a smooth relu.',

  scalar: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  kernel: function (this: KernelThread, x: ArrayLike<number>): number {
    const value = x[this.thread.x] as number;
    return Math.max(value, 0.0) + Math.log(1 + Math.exp(-Math.abs(value)));
  },
  vjp: 'dx = dy * sigmoid(x)',
  torch: 'torch.logaddexp({x}, torch.zeros_like({x}))',
  onnx: 'Softplus',
  examples: [
    { inputs: { x: { normal: [2, 3, 4], seed: 1 } } },
    { inputs: { x: [-200, -30, 0, 30, 200] } },
  ],
});
