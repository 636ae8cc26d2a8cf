import { pointwise } from './families/pointwise.ts';
import type { KernelThread } from './op.ts';

export const cos = pointwise({
  name: 'cos',
  doc: 'The cosine of angles in radians.',
  scalar: Math.cos,
  kernel: function (this: KernelThread, x: ArrayLike<number>): number {
    // WGSL promises no more than 2^-11 of its own cosine: as the sine, a quarter of a turn on.
    const angle = x[this.thread.x] as number;
    const turns = Math.floor(angle * 0.15915494309189535 + 0.5);
    const rest = angle - turns * 6.28125 - turns * 0.0019353071795864768;
    const folded = 1.5707963267948966 - Math.abs(rest);
    const t = folded * folded;
    const series =
      0.008333333333333333 +
      t * (-1.984126984126984e-4 + t * (2.7557319223985893e-6 - t * 2.505210838544172e-8));
    return folded * (1.0 + t * (-0.16666666666666666 + t * series));
  },
  vjp: 'dx = -dy * sin(x)',
  torch: 'torch.cos({x})',
  onnx: 'Cos',
  examples: [
    { inputs: { x: { normal: [2, 3, 4], seed: 1 } } },
    { inputs: { x: [-3, 0, 1.5707963267948966] } },
  ],
});
