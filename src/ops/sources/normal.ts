import { countOf } from '../families/row-major.ts';
import type { Source } from '../source.ts';
export const normal: Source = {
  name: 'normal',
  doc: 'Normally distributed values.',
  signature: 'normal(mean: number = 0, std: number = 1, seed: number? = none)',
  stream: 'own',
  fill: ({ shape, number, random }) => {
    const [mean, std] = [number('mean'), number('std')];
    return new Float64Array(countOf(shape)).map(() => mean + std * random.normal());
  },
  torch: 'torch.normal({mean}, {std}, {shape})',
};
