import type { Family } from '../family.ts';
import { gatedDecoder } from '../gated-decoder.ts';
import { qwenExperts, qwenWindow } from '../qwen.ts';

export const qwen2Moe: Family = {
  types: ['qwen2_moe'],
  title: 'Qwen2-MoE',
  model: 'Qwen2Moe',
  source: 'Qwen1.5-MoE, 2024',
  prefix: 'model.',
  write: (config, draft) => {
    const shared = {
      hidden: config.whole('shared_expert_intermediate_size'),
      names: 'mlp.shared_expert',
      gate: 'mlp.shared_expert_gate',
    };
    gatedDecoder(config, draft, {
      model: 'Qwen2Moe',
      bias: { qkv: config.flag('qkv_bias', true), out: false },
      window: qwenWindow(config),
      ...qwenExperts(config, draft, shared),
    });
  },
};
