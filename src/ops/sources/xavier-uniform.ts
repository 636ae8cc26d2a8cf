import { fillWith } from '../families/fill-with.ts';
import type { Source } from '../source.ts';
import { fansOf } from './fans.ts';

export const xavierUniform: Source = {
  name: 'xavier_uniform',
  doc: 'Evenly distributed within ±√(6 / (fan_in + fan_out)) (Glorot and Bengio 2010); parameters are [in, out].',
  signature: 'xavier_uniform()',
  stream: 'own',
  fill: (target, { shape, random }) => {
    const { fanIn, fanOut } = fansOf(shape);
    const limit = Math.sqrt(6 / (fanIn + fanOut));
    fillWith(target, () => limit * (2 * random.uniform() - 1));
  },
  torch: 'torch.nn.init.xavier_uniform_(torch.empty({shape}))',
};
