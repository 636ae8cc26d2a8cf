import { countOf } from '../families/row-major.ts';
import type { Source } from '../source.ts';
export const constant: Source = {
  name: 'constant',
  doc: 'All values v.',
  signature: 'constant(v: number)',
  stream: 'none',
  fill: ({ shape, number }) => new Float64Array(countOf(shape)).fill(number('v')),
  torch: 'torch.full({shape}, {v})',
};
