import { binary } from './families/broadcasting.ts';
import type { KernelThread } from './op.ts';

export const multiply = binary({
  name: 'multiply',
  doc: 'The product of two tensors, index by index.',
  notation: { kind: 'binary', symbol: '*' },
  role: 'scaling',
  result: 'as operand',
  scalar: (a, b) => a * b,
  kernel: function (
    this: KernelThread,
    a: ArrayLike<number>,
    b: ArrayLike<number>,
    repeatA: number,
    spanA: number,
    repeatB: number,
    spanB: number,
  ): number {
    const left = a[Math.floor(this.thread.x / repeatA) % spanA] as number;
    const right = b[Math.floor(this.thread.x / repeatB) % spanB] as number;
    return left * right;
  },
  vjp: 'da = dy * b\ndb = dy * a',
  torch: '{a} * {b}',
  onnx: 'Mul',
  examples: [
    { inputs: { a: { normal: [2, 3], seed: 1 }, b: { normal: [3], seed: 2 } } },
    { inputs: { a: { normal: [2, 1, 4], seed: 3 }, b: { normal: [3, 1], seed: 4 } } },
    { inputs: { a: { normal: [2, 1, 3], seed: 6 }, b: { normal: [2, 4, 3], seed: 7 } } },
    { inputs: { a: 2, b: { normal: [2, 2], seed: 5 } } },
  ],
});
