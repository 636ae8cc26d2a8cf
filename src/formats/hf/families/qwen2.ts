import type { Family } from '../family.ts';
import { gatedDecoder } from '../gated-decoder.ts';
import { qwenWindow } from '../qwen.ts';

export const qwen2: Family = {
  types: ['qwen2'],
  title: 'Qwen2',
  model: 'Qwen2',
  source: 'Yang et al. 2024',
  prefix: 'model.',
  write: (config, draft) =>
    gatedDecoder(config, draft, {
      model: 'Qwen2',
      bias: { qkv: true, out: false },
      window: qwenWindow(config),
    }),
};
