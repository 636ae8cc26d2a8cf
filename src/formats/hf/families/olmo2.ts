import type { Family } from '../family.ts';
import { gatedDecoder, rmsNormOf } from '../gated-decoder.ts';

export const olmo2: Family = {
  types: ['olmo2'],
  title: 'OLMo 2',
  model: 'OLMo2',
  source: 'OLMo Team 2025',
  prefix: 'model.',
  write: (config, draft) => {
    const bias = config.flag('attention_bias', false);
    const [q, k] = ['self_attn.q_norm', 'self_attn.k_norm'];
    gatedDecoder(config, draft, {
      model: 'OLMo2',
      layout: 'write norm',
      norms: ['post_attention_layernorm', 'post_feedforward_layernorm'],
      bias: { qkv: bias, out: bias },
      attention: { qkNorm: { norm: rmsNormOf(config), over: 'width', q, k } },
    });
  },
};
