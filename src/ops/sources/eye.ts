import type { Source } from '../source.ts';
export const eye: Source = {
  name: 'eye',
  doc: '1 where the last two indices are equal, else 0; along leading axes repeated.',
  signature: 'eye()',
  stream: 'none',
  fill: (target, { shape }) => {
    const [rows, columns] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
    for (let at = 0; at < target.length; at++) {
      target[at] = Math.floor(at / columns) % rows === at % columns ? 1 : 0;
    }
  },
  torch: 'torch.eye(*{shape}[-2:]).expand({shape})',
};
