/** The largest finite weight; 0 where there is none. */
export function largestWeight(weights: Float32Array): number {
  return weights.reduce((most, each) => (Number.isFinite(each) ? Math.max(most, each) : most), 0);
}
