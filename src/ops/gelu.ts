import { pointwise } from './families/pointwise.ts';
import type { KernelThread } from './op.ts';

export const gelu = pointwise({
  name: 'gelu',
  doc: 'The Gaussian error linear unit x·Φ(x), exact (Hendrycks and Gimpel 2016).',

  scalar: (x) => x * normalCdf(x),
  kernel: function (this: KernelThread, x: ArrayLike<number>): number {
    const value = x[this.thread.x] as number;
    // erf by Abramowitz and Stegun 7.1.26, within 1.5e-7.
    const z = Math.abs(value) * Math.SQRT1_2;
    const t = 1 / (1 + 0.3275911 * z);
    const series =
      ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) *
      t;
    const tail = 0.5 * series * Math.exp(-z * z);
    return value * (value < 0 ? tail : 1 - tail);
  },
  vjp: 'dx = dy * (where(x == 0, 0.5, y / x) + x * exp(-0.5 * square(x)) * 0.3989422804014327)',
  torch: 'torch.nn.functional.gelu({x})',
  onnx: 'Mul(x, 0.5 + 0.5 * Erf(x / sqrt(2)))',
  examples: [
    { inputs: { x: { normal: [2, 3, 4], seed: 1 } } },
    { inputs: { x: [-40, -3, -0.5, 0, 0.5, 3, 40] } },
  ],
});

/** Φ(x) by a series of positive terms, which loses no digits. */
function normalCdf(x: number): number {
  if (Math.abs(x) > 9) return x < 0 ? 0 : 1;
  let [term, sum] = [x, x];
  for (let n = 3; Math.abs(term) > 1e-18 * Math.abs(sum); n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
}
