import { pointwise } from './families/pointwise.ts';
import type { KernelThread } from './op.ts';

export const logicalNot = pointwise({
  name: 'not',
  doc: '1 where the value is 0, else 0.',
  notation: { kind: 'prefix', symbol: 'not' },
  scalar: (x) => (x === 0 ? 1 : 0),
  kernel: function (this: KernelThread, x: ArrayLike<number>): number {
    const value = x[this.thread.x] as number;
    return value === 0 ? 1.0 : 0.0;
  },
  vjp: { none: 'A truth value does not change gradually.' },
  torch: '({x} == 0).to({x}.dtype)',
  onnx: 'Cast(Not)',
  examples: [{ inputs: { x: [0, 1, 1] } }, { inputs: { x: [[0], [2]] } }],
});
