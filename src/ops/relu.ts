import { pointwise } from './families/pointwise.ts';
import type { KernelThread } from './op.ts';

export const relu = pointwise({
  name: 'relu',
  doc: 'Values below 0 become 0.',

  scalar: (x) => Math.max(x, 0),
  kernel: function (this: KernelThread, x: ArrayLike<number>): number {
    return Math.max(x[this.thread.x] as number, 0.0);
  },
  vjp: 'dx = dy * (x > 0)',
  torch: 'torch.relu({x})',
  onnx: 'Relu',
  examples: [{ inputs: { x: { normal: [2, 3, 4], seed: 1 } } }, { inputs: { x: [-5, 0, 5] } }],
});
