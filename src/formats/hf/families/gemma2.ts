import type { Family } from '../family.ts';
import { gatedDecoder, rmsNormOf } from '../gated-decoder.ts';
import {
  alternating,
  capOf,
  gemmaActivation,
  queryScale,
  sandwichNorms,
  scaledEmbedding,
} from '../gemma.ts';

export const gemma2: Family = {
  types: ['gemma2'],
  title: 'Gemma 2',
  model: 'Gemma2',
  source: 'Gemma Team 2024',
  prefix: 'model.',
  write: (config, draft) => {
    const bias = config.flag('attention_bias', false);
    gatedDecoder(config, draft, {
      model: 'Gemma2',
      layout: 'sandwich',
      norm: rmsNormOf(config, 1),
      norms: sandwichNorms,
      bias: { qkv: bias, out: bias },
      activation: gemmaActivation(config),
      embedded: scaledEmbedding,
      headWidth: 256,
      attention: {
        scale: queryScale(config, 256),
        softcap: capOf(config, 'attn_logit_softcapping', 50),
      },
      window: alternating(config, 2),
      softcap: capOf(config, 'final_logit_softcapping', 30),
      tied: true,
    });
  },
};
