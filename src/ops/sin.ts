import { pointwise } from './families/pointwise.ts';
import type { KernelThread } from './op.ts';

export const sin = pointwise({
  name: 'sin',
  doc: 'The sine of angles in radians.',
  scalar: Math.sin,
  kernel: function (this: KernelThread, x: ArrayLike<number>): number {
    // WGSL promises no more than 2^-11 of its own sine: whole turns are taken off, and a series does the rest.
    const angle = x[this.thread.x] as number;
    const turns = Math.floor(angle * 0.15915494309189535 + 0.5);
    const rest = angle - turns * 6.28125 - turns * 0.0019353071795864768;
    const folded = Math.min(Math.abs(rest), Math.PI - Math.abs(rest));
    const t = folded * folded;
    const series =
      0.008333333333333333 +
      t * (-1.984126984126984e-4 + t * (2.7557319223985893e-6 - t * 2.505210838544172e-8));
    const size = folded * (1.0 + t * (-0.16666666666666666 + t * series));
    return rest < 0 ? -size : size;
  },
  vjp: 'dx = dy * cos(x)',
  torch: 'torch.sin({x})',
  onnx: 'Sin',
  examples: [
    { inputs: { x: { normal: [2, 3, 4], seed: 1 } } },
    { inputs: { x: [-3, 0, 1.5707963267948966] } },
  ],
});
