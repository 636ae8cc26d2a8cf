import { fillWith } from '../families/fill-with.ts';
import type { Source } from '../source.ts';
import { fansOf } from './fans.ts';

export const kaimingNormal: Source = {
  name: 'kaiming_normal',
  doc: 'Normally distributed with standard deviation √(2 / fan_in) (He et al. 2015); parameters are [in, out], so fan_in is the first of the last two axes.',
  signature: 'kaiming_normal()',
  stream: 'own',
  fill: (target, { shape, random }) => {
    const std = Math.sqrt(2 / fansOf(shape).fanIn);
    fillWith(target, () => std * random.normal());
  },
  torch: "torch.nn.init.kaiming_normal_(torch.empty({shape}), mode='fan_out')",
};
