import { pointwise } from './families/pointwise.ts';
import type { KernelThread } from './op.ts';

export const floor = pointwise({
  name: 'floor',
  doc: 'The largest whole number that is not above the value.',

  scalar: Math.floor,
  kernel: function (this: KernelThread, x: ArrayLike<number>): number {
    return Math.floor(x[this.thread.x] as number);
  },
  vjp: { none: 'It is flat between its steps.' },
  torch: 'torch.floor({x})',
  onnx: 'Floor',
  examples: [
    { inputs: { x: { normal: [2, 3, 4], seed: 1 } } },
    { inputs: { x: [-2, -1.5, -0.25, 0, 0.999, 3] } },
  ],
});
