import { countOf } from '../families/row-major.ts';
import type { Source } from '../source.ts';
export const zeros: Source = {
  name: 'zeros',
  doc: 'All values 0.',
  signature: 'zeros()',
  stream: 'none',
  fill: ({ shape }) => new Float64Array(countOf(shape)),
  torch: 'torch.zeros({shape})',
};
