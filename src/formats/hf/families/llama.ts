import type { Family } from '../family.ts';
import { gatedDecoder } from '../gated-decoder.ts';

export const llama: Family = {
  types: ['llama'],
  title: 'Llama',
  model: 'Llama',
  source: 'Touvron et al. 2023',
  prefix: 'model.',
  write: (config, draft) => {
    const bias = config.flag('attention_bias', false);
    gatedDecoder(config, draft, {
      model: 'Llama',
      bias: { qkv: bias, out: bias },
      forwardBias: config.flag('mlp_bias', false),
    });
  },
};
