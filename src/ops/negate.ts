import { pointwise } from './families/pointwise.ts';
import type { KernelThread } from './op.ts';

export const negate = pointwise({
  name: 'negate',
  doc: 'Every value with its sign changed.',
  notation: { kind: 'prefix', symbol: '-' },
  result: 'as operand',
  scalar: (x) => -x,
  kernel: function (this: KernelThread, x: ArrayLike<number>): number {
    const value = x[this.thread.x] as number;
    return -value;
  },
  vjp: 'dx = -dy',
  torch: '-{x}',
  onnx: 'Neg',
  examples: [{ inputs: { x: { normal: [2, 3, 4], seed: 1 } } }, { inputs: { x: [-3, 0, 5] } }],
});
