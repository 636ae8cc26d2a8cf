import { binary } from './families/broadcasting.ts';
import type { KernelThread } from './op.ts';

export const pow = binary({
  name: 'pow',
  doc: 'a to the power of b; of a negative a only for whole b.',
  // Powers are exp2(b · log2(a)) in float32.
  tolerance: 1e-5,
  scalar: (a, b) => a ** b,
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
    const size = Math.abs(left) ** right;
    // WGSL defines powers of positive numbers only.
    if (left >= 0) {
      return size;
    }
    if (Math.floor(right) !== right) {
      return Math.sqrt(left);
    }
    return right - 2 * Math.floor(right / 2) === 1 ? -size : size;
  },
  vjp: 'da = dy * b * pow(a, b - 1)\ndb = where(a > 0, dy * y * log(a), 0)',
  torch: 'torch.pow({a}, {b})',
  onnx: 'Pow',
  examples: [
    {
      inputs: {
        a: [
          [-2, -0.5, 0],
          [1, 2, 10],
        ],
        b: 3,
      },
    },
    { inputs: { a: [-3, -3, 0, 0, 4], b: [2, 0.5, 0, 2, -0.5] } },
  ],
});
