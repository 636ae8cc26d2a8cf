import { pointwise } from './families/pointwise.ts';
import type { KernelThread } from './op.ts';

export const square = pointwise({
  name: 'square',
  doc: 'Every value times itself.',
  result: 'as operand',
  scalar: (x) => x * x,
  kernel: function (this: KernelThread, x: ArrayLike<number>): number {
    const value = x[this.thread.x] as number;
    return value * value;
  },
  vjp: 'dx = 2 * dy * x',
  torch: 'torch.square({x})',
  onnx: 'Mul(x, x)',
  examples: [{ inputs: { x: { normal: [2, 3, 4], seed: 1 } } }, { inputs: { x: [-3, 0, 0.5] } }],
});
