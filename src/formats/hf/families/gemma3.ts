import type { Config } from '../config.ts';
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
import type { Rope } from '../parts.ts';
import { headNorms } from '../qwen.ts';
import { scaledRope } from '../rope.ts';

export const gemma3: Family = {
  types: ['gemma3_text'],
  title: 'Gemma 3',
  model: 'Gemma3',
  source: 'Gemma Team 2025',
  prefix: 'model.',
  write: (config, draft) => {
    const bias = config.flag('attention_bias', false);
    const period = config.whole(['_sliding_window_pattern', 'sliding_window_pattern'], 6);
    gatedDecoder(config, draft, {
      model: 'Gemma3',
      layout: 'sandwich',
      norm: rmsNormOf(config, 1),
      norms: sandwichNorms,
      bias: { qkv: bias, out: bias },
      activation: gemmaActivation(config),
      embedded: scaledEmbedding,
      headWidth: 256,
      attention: {
        scale: queryScale(config, 256),
        softcap: capOf(config, 'attn_logit_softcapping', undefined),
        qkNorm: headNorms(config, 1),
        ...ropes(config),
      },
      window: alternating(config, period),
      softcap: capOf(config, 'final_logit_softcapping', undefined),
      tied: true,
    });
  },
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
