import type { Source } from '../source.ts';
export const ones: Source = {
  name: 'ones',
  doc: 'All values 1.',
  signature: 'ones()',
  stream: 'none',
  fill: (target) => {
    target.fill(1);
  },
  torch: 'torch.ones({shape})',
};
