import { binary } from './families/broadcasting.ts';
import type { KernelThread } from './op.ts';

export const logicalOr = binary({
  name: 'or',
  doc: '1 where a or b is not 0, else 0.',
  notation: { kind: 'binary', symbol: 'or' },
  scalar: (a, b) => (a !== 0 || b !== 0 ? 1 : 0),
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
    return left !== 0 || right !== 0 ? 1.0 : 0.0;
  },
  vjp: { none: 'A truth value does not change gradually.' },
  torch: 'torch.logical_or({a}, {b}).to({a}.dtype)',
  onnx: 'Or',
  examples: [
    { inputs: { a: [0, 0, 1, 1], b: [0, 1, 0, 1] } },
    { inputs: { a: [[0], [3]], b: [0, 2] } },
  ],
});
