import { fillWith } from '../families/fill-with.ts';
import type { Source } from '../source.ts';
export const uniform: Source = {
  name: 'uniform',
  doc: 'Values evenly distributed from low up to, not including, high.',
  signature: 'uniform(low: number = 0, high: number = 1, seed: number? = none)',
  stream: 'own',
  fill: (target, { number, random }) => {
    const [low, high] = [number('low'), number('high')];
    fillWith(target, () => low + (high - low) * random.uniform());
  },
  torch: 'torch.empty({shape}).uniform_({low}, {high})',
};
