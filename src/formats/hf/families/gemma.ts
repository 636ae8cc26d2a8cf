import type { Family } from '../family.ts';
import { gatedDecoder, rmsNormOf } from '../gated-decoder.ts';
import { gemmaActivation, scaledEmbedding } from '../gemma.ts';

export const gemma: Family = {
  types: ['gemma'],
  title: 'Gemma',
  model: 'Gemma',
  source: 'Gemma Team 2024',
  prefix: 'model.',
  write: (config, draft) => {
    const bias = config.flag('attention_bias', false);
    gatedDecoder(config, draft, {
      model: 'Gemma',
      norm: rmsNormOf(config, 1),
      bias: { qkv: bias, out: bias },
      activation: gemmaActivation(config),
      embedded: scaledEmbedding,
      headWidth: 256,
      tied: true,
    });
  },
};
