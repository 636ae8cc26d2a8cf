import { pointwise } from './families/pointwise.ts';
import type { KernelThread } from './op.ts';

export const silu = pointwise({
  name: 'silu',
  doc: 'Multiplies x by its own sigmoid (also called swish).',

  scalar: (x) => x / (1 + Math.exp(-x)),
  kernel: function (this: KernelThread, x: ArrayLike<number>): number {
    const value = x[this.thread.x] as number;
    const small = Math.exp(-Math.abs(value));
    return (value * (value < 0 ? small : 1.0)) / (1 + small);
  },
  vjp: 'dx = dy * (y + sigmoid(x) * (1 - y))',
  torch: 'torch.nn.functional.silu({x})',
  onnx: 'Mul(x, Sigmoid(x))',
  examples: [
    { inputs: { x: { normal: [2, 3, 4], seed: 1 } } },
    { inputs: { x: [-200, -1, 0, 2, 200] } },
  ],
});
