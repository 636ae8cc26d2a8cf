import type { Family } from '../family.ts';
import { laterGemma } from '../gemma.ts';

export const gemma2: Family = {
  types: ['gemma2'],
  title: 'Gemma 2',
  model: 'Gemma2',
  source: 'Gemma Team 2024',
  prefix: 'model.',
  write: (config, draft) =>
    laterGemma(config, draft, { model: 'Gemma2', period: 2, caps: { scores: 50, logits: 30 } }),
};
