import type { Family } from '../family.ts';
import { gatedDecoder } from '../gated-decoder.ts';
import { headNorms, qwenExperts, qwenWindow } from '../qwen.ts';

export const qwen3Moe: Family = {
  types: ['qwen3_moe'],
  title: 'Qwen3-MoE',
  model: 'Qwen3Moe',
  source: 'Yang et al. 2025',
  prefix: 'model.',
  write: (config, draft) => {
    const bias = config.flag('attention_bias', false);
    gatedDecoder(config, draft, {
      model: 'Qwen3Moe',
      bias: { qkv: bias, out: bias },
      attention: { qkNorm: headNorms(config) },
      window: qwenWindow(config),
      ...qwenExperts(config, draft),
    });
  },
};
