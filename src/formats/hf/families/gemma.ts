import type { Family } from '../family.ts';
import { gemmaDecoder } from '../gemma.ts';

export const gemma: Family = {
  types: ['gemma'],
  title: 'Gemma',
  model: 'Gemma',
  source: 'Gemma Team 2024',
  prefix: 'model.',
  write: (config, draft) => gemmaDecoder(config, draft, { model: 'Gemma' }),
};
