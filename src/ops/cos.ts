import { pointwise } from './families/pointwise.ts';
import type { KernelThread } from './op.ts';

export const cos = pointwise({
  name: 'cos',
  doc: 'The cosine of angles in radians.',
  // WGSL promises 2^-11 for |x| up to π.
  tolerance: 5e-4,
  scalar: Math.cos,
  kernel: function (this: KernelThread, x: ArrayLike<number>): number {
    return Math.cos(x[this.thread.x] as number);
  },
  vjp: 'dx = -dy * sin(x)',
  torch: 'torch.cos({x})',
  onnx: 'Cos',
  examples: [
    { inputs: { x: { normal: [2, 3, 4], seed: 1 } } },
    { inputs: { x: [-3, 0, 1.5707963267948966] } },
  ],
});
