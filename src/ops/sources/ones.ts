import { countOf } from '../families/row-major.ts';
import type { Source } from '../source.ts';
export const ones: Source = {
  name: 'ones',
  doc: 'All values 1.',
  signature: 'ones()',
  stream: 'none',
  fill: ({ shape }) => new Float64Array(countOf(shape)).fill(1),
  torch: 'torch.ones({shape})',
};
