import { fillWith } from '../families/fill-with.ts';
import type { Source } from '../source.ts';

export const lecunNormal: Source = {
  name: 'lecun_normal',
  doc: 'Normally distributed values with std 1/√n, n the first axis (LeCun et al., 1998): what a parameter has unless it says otherwise.',
  signature: 'lecun_normal()',
  stream: 'own',
  fill: (target, { shape, random }) => {
    const std = 1 / Math.sqrt(Math.max(1, shape[0] ?? 1));
    fillWith(target, () => std * random.normal());
  },
  torch: 'torch.normal(0, {fan_in} ** -0.5, {shape})',
};
