import { pointwise } from './families/pointwise.ts';
import type { KernelThread } from './op.ts';

export const sin = pointwise({
  name: 'sin',
  doc: 'The sine of angles in radians.',
  // WGSL promises 2^-11 for |x| up to π.
  tolerance: 5e-4,
  scalar: Math.sin,
  kernel: function (this: KernelThread, x: ArrayLike<number>): number {
    return Math.sin(x[this.thread.x] as number);
  },
  vjp: 'dx = dy * cos(x)',
  torch: 'torch.sin({x})',
  onnx: 'Sin',
  examples: [
    { inputs: { x: { normal: [2, 3, 4], seed: 1 } } },
    { inputs: { x: [-3, 0, 1.5707963267948966] } },
  ],
});
