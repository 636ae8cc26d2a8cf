import type { Source } from '../source.ts';
export const constant: Source = {
  name: 'constant',
  doc: 'All values v.',
  signature: 'constant(v: number)',
  stream: 'none',
  fill: (target, { number }) => {
    target.fill(number('v'));
  },
  torch: 'torch.full({shape}, {v})',
};
