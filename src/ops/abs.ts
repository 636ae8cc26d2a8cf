import { pointwise } from './families/pointwise.ts';
import type { KernelThread } from './op.ts';

export const abs = pointwise({
  name: 'abs',
  doc: 'The magnitude of every value.',
  result: 'as operand',
  scalar: Math.abs,
  kernel: function (this: KernelThread, x: ArrayLike<number>): number {
    return Math.abs(x[this.thread.x] as number);
  },
  vjp: 'dx = dy * ((x > 0) - (x < 0))',
  torch: 'torch.abs({x})',
  onnx: 'Abs',
  examples: [{ inputs: { x: { normal: [2, 3, 4], seed: 1 } } }, { inputs: { x: [-2, 0, 3] } }],
});
