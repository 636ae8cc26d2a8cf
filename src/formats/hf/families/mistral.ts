import type { Family } from '../family.ts';
import { gatedDecoder, slidingWindow } from '../gated-decoder.ts';

export const mistral: Family = {
  types: ['mistral'],
  title: 'Mistral',
  model: 'Mistral',
  source: 'Jiang et al. 2023',
  prefix: 'model.',
  write: (config, draft) =>
    gatedDecoder(config, draft, { model: 'Mistral', window: slidingWindow(config) }),
};
