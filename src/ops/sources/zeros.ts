import type { Source } from '../source.ts';
export const zeros: Source = {
  name: 'zeros',
  doc: 'All values 0.',
  signature: 'zeros()',
  stream: 'none',
  fill: (target) => {
    target.fill(0);
  },
  torch: 'torch.zeros({shape})',
};
