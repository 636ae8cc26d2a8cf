import { fillWith } from '../families/fill-with.ts';
import type { Source } from '../source.ts';
export const numpyRand: Source = {
  name: 'numpy_rand',
  doc: "What np.random.rand gives: one stream over all parameters, seeded with the run's seed.",
  signature: 'numpy_rand()',
  stream: 'numpy',
  fill: (target, { random }) => fillWith(target, random.uniform),
  torch: 'torch.from_numpy(np.random.rand(*{shape}))',
};
