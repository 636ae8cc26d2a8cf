import type { Config } from '../config.ts';
import type { Family } from '../family.ts';
import { laterGemma } from '../gemma.ts';
import type { Rope } from '../parts.ts';
import { headNorms } from '../qwen.ts';
import { scaledRope } from '../rope.ts';

export const gemma3: Family = {
  types: ['gemma3_text'],
  title: 'Gemma 3',
  model: 'Gemma3',
  source: 'Gemma Team 2025',
  prefix: 'model.',
  write: (config, draft) =>
    laterGemma(config, draft, {
      model: 'Gemma3',
      period: config.whole(['_sliding_window_pattern', 'sliding_window_pattern'], 6),
      caps: { scores: undefined, logits: undefined },
      attention: { qkNorm: headNorms(config, 1), ...ropes(config) },
    }),
};

/** Layers with a window turn by a base of their own, and only the others are stretched. */
function ropes(config: Config): { readonly rope: Rope; readonly localRope: Rope } {
  const both = config.section('rope_parameters');
  const [full, local] = [both?.section('full_attention'), both?.section('sliding_attention')];
  const scaling = full ?? config.section('rope_scaling');
  const headWidth = config.whole('head_dim', 256);
  const base = full?.number('rope_theta', 1e6) ?? config.number('rope_theta', 1e6);
  const nearBase = local?.number('rope_theta', 1e4) ?? config.number('rope_local_base_freq', 1e4);
  return {
    rope: scaledRope(config, scaling, { base, style: 'half' }, headWidth),
    localRope: scaledRope(config, local, { base: nearBase, style: 'half' }, headWidth),
  };
}
