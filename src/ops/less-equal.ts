import { binary } from './families/broadcasting.ts';
import type { KernelThread } from './op.ts';

export const lessEqual = binary({
  name: 'less_equal',
  doc: '1 where a is not above b, else 0.',
  notation: { kind: 'binary', symbol: '<=' },
  scalar: (a, b) => (a <= b ? 1 : 0),
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
    return left <= right ? 1.0 : 0.0;
  },
  vjp: { none: 'A truth value does not change gradually.' },
  torch: '({a} <= {b}).to({a}.dtype)',
  onnx: 'LessOrEqual',
  examples: [{ inputs: { a: [1, 2, 3], b: 2 } }, { inputs: { a: [[0], [1]], b: [-1, 0, 1] } }],
});
