import { pointwise } from './families/pointwise.ts';
import type { KernelThread } from './op.ts';

export const tanh = pointwise({
  name: 'tanh',
  doc: 'The hyperbolic tangent.',

  scalar: Math.tanh,
  kernel: function (this: KernelThread, x: ArrayLike<number>): number {
    // Beyond 10 the result is 1 in float32, and a GPU's tanh may overflow.
    return Math.tanh(Math.max(-10, Math.min(10, x[this.thread.x] as number)));
  },
  vjp: 'dx = dy * (1 - square(y))',
  torch: 'torch.tanh({x})',
  onnx: 'Tanh',
  examples: [
    { inputs: { x: { normal: [2, 3, 4], seed: 1 } } },
    { inputs: { x: [-1000, -0.01, 0, 0.5, 90] } },
  ],
});
