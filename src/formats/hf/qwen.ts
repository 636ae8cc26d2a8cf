/** What Qwen's generations share: windows in the upper layers, normalised queries and keys, sparse layers. */
import { activationOf } from './activations.ts';
import type { Config } from './config.ts';
import type { Draft } from './draft.ts';
import {
  gatedForward,
  rmsNormOf,
  slidingWindow,
  type Variation,
  type Window,
} from './gated-decoder.ts';
import { layerCondition } from './layer-pattern.ts';
import type { Attention, Experts } from './parts.ts';

/** `use_sliding_window` switches it on, from layer `max_window_layers` on where `layer_types` says nothing. */
export function qwenWindow(config: Config): Window | undefined {
  const from = config.number('max_window_layers', 0);
  const used = config.flag('use_sliding_window', false);
  const window = slidingWindow(config);
  if (!used || window === undefined || config.value('layer_types') !== undefined) {
    return used ? window : undefined;
  }
  const layers = config.whole('num_hidden_layers');
  if (from >= layers) return undefined;
  return { width: window.width, layers: from === 0 ? undefined : `layer >= ${from}` };
}

export function headNorms(config: Config, offset = 0): NonNullable<Attention['qkNorm']> {
  return {
    norm: rmsNormOf(config, offset),
    over: 'head',
    q: 'self_attn.q_norm',
    k: 'self_attn.k_norm',
  };
}

/** Sparse layers, and dense ones where the configuration has some. */
export function qwenExperts(
  config: Config,
  draft: Draft,
  shared?: Experts['shared'],
): Pick<Variation, 'feedForward' | 'perLayer'> {
  const layers = config.whole('num_hidden_layers');
  const step = config.whole('decoder_sparse_step', 1);
  const only = config.numbers('mlp_only_layers') ?? [];
  const dense = gatedForward(config, draft);
  const sparse = Array.from(
    { length: layers },
    (_, layer) => !only.includes(layer) && (layer + 1) % step === 0,
  );
  const mixed = sparse.includes(false);
  const experts: Experts = {
    kind: 'experts',
    hidden: config.whole('moe_intermediate_size'),
    activation: activationOf(config, draft, config.text('hidden_act', 'silu')),
    experts: config.whole(['num_experts', 'num_local_experts']),
    active: config.whole('num_experts_per_tok'),
    router: 'mlp.gate',
    gate: 'mlp.experts.*.gate_proj',
    up: 'mlp.experts.*.up_proj',
    down: 'mlp.experts.*.down_proj',
    weights: config.flag('norm_topk_prob', false) ? 'of the selected' : 'of all',
    shared,
    dense: mixed ? dense : undefined,
  };
  const perLayer = mixed ? [{ name: 'sparse', type: 'bool', value: layerCondition(sparse) }] : [];
  return { feedForward: experts, perLayer };
}
