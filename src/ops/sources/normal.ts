import { fillWith } from '../families/fill-with.ts';
import type { Source } from '../source.ts';
export const normal: Source = {
  name: 'normal',
  doc: 'Normally distributed values.',
  signature: 'normal(mean: number = 0, std: number = 1, seed: number? = none)',
  stream: 'own',
  fill: (target, { number, random }) => {
    const [mean, std] = [number('mean'), number('std')];
    fillWith(target, () => mean + std * random.normal());
  },
  torch: 'torch.normal({mean}, {std}, {shape})',
};
