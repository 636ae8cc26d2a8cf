import type { Family } from '../family.ts';
import { gatedDecoder } from '../gated-decoder.ts';
import { headNorms, qwenWindow } from '../qwen.ts';

export const qwen3: Family = {
  types: ['qwen3'],
  title: 'Qwen3',
  model: 'Qwen3',
  source: 'Yang et al. 2025',
  prefix: 'model.',
  write: (config, draft) => {
    const bias = config.flag('attention_bias', false);
    gatedDecoder(config, draft, {
      model: 'Qwen3',
      headWidth: 128,
      bias: { qkv: bias, out: bias },
      attention: { qkNorm: headNorms(config) },
      window: qwenWindow(config),
    });
  },
};
