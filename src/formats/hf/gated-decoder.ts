/** Llama's shape: RMS norms, rotary positions, grouped queries, a gated feed-forward network. Many families vary it. */
import { t } from '@vscode/l10n';
import { activationOf } from './activations.ts';
import type { Config } from './config.ts';
import { writeDecoder } from './decoder.ts';
import type { Draft } from './draft.ts';
import { rmsNorm } from './ends.ts';
import { layerCondition } from './layer-pattern.ts';
import type { Attention, FeedForward, Layout, Norm, Stack } from './parts.ts';
import { type RopeDefaults, readRope } from './rope.ts';

/** What a family has in place of Llama's. */
export interface Variation {
  /** Name of the model; that of a layer's block is made from it. */
  readonly model: string;
  readonly bias?: Attention['bias'];
  readonly forwardBias?: boolean;
  readonly layout?: Layout;
  readonly norm?: Norm;
  readonly norms?: readonly string[];
  readonly attention?: Partial<Attention>;
  readonly feedForward?: FeedForward;
  readonly activation?: string;
  readonly rope?: RopeDefaults;
  /** How much of a head turns where config.json does not say. */
  readonly part?: number;
  readonly window?: Window | undefined;
  readonly perLayer?: Stack['perLayer'];
  /** Statements between the embedding and the layers. */
  readonly embedded?: readonly string[];
  readonly headWidth?: number;
  readonly tied?: boolean;
  /** Tensor of the head's bias. */
  readonly headBias?: string;
  readonly softcap?: number | undefined;
  readonly lastNorm?: string;
}

export interface Window {
  readonly width: number;
  /** In terms of `layer`; undefined for every layer. */
  readonly layers: string | undefined;
}

export function gatedDecoder(config: Config, draft: Draft, variation: Variation): void {
  const {
    model,
    norm = rmsNormOf(config),
    window,
    rope = { base: 10_000, style: 'half' },
  } = variation;
  const width = config.whole('hidden_size');
  const heads = config.whole('num_attention_heads');
  const headWidth = config.whole('head_dim', variation.headWidth ?? width / heads);
  const turning = readRope(config, headWidth, rope, variation.part);
  // Rotary positions need no table, so nothing ends there.
  config.value('max_position_embeddings');
  const local = window?.layers;
  const perLayer = [...(variation.perLayer ?? [])];
  if (local !== undefined) perLayer.unshift({ name: 'local', type: 'bool', value: local });
  writeDecoder(config, draft, {
    width,
    table: 'model.embed_tokens.weight',
    tied: variation.tied ?? false,
    before: () => draft.statement(...(variation.embedded ?? [])),
    stack: {
      block: `${model}Block`,
      layer: 'model.layers.*.',
      layers: config.whole('num_hidden_layers'),
      layout: variation.layout ?? 'pre',
      norm,
      norms: variation.norms ?? ['input_layernorm', 'post_attention_layernorm'],
      attention: {
        heads,
        kvHeads: config.whole('num_key_value_heads', heads),
        headWidth: headWidth * heads === width ? undefined : headWidth,
        causal: true,
        projections,
        out: 'self_attn.o_proj',
        bias: variation.bias ?? { qkv: false, out: false },
        rope: turning.rope,
        rotary: turning.part === 1 ? undefined : Math.floor(headWidth * turning.part),
        window: window && { width: window.width, layers: local === undefined ? 'all' : 'local' },
        ...variation.attention,
      },
      feedForward: variation.feedForward ?? gatedForward(config, draft, variation),
      perLayer,
    },
    lastNorm: variation.lastNorm ?? 'model.norm',
    head: { bias: variation.headBias, softcap: variation.softcap },
  });
}

const projections = {
  kind: 'separate',
  q: 'self_attn.q_proj',
  k: 'self_attn.k_proj',
  v: 'self_attn.v_proj',
} as const;

export function gatedForward(
  config: Config,
  draft: Draft,
  { forwardBias = false, activation }: Pick<Variation, 'forwardBias' | 'activation'> = {},
): FeedForward & { readonly kind: 'gated' } {
  const named = activation ?? config.text('hidden_act', 'silu');
  return {
    kind: 'gated',
    hidden: config.whole('intermediate_size'),
    activation: activationOf(config, draft, named),
    bias: forwardBias,
    gate: 'mlp.gate_proj',
    up: 'mlp.up_proj',
    down: 'mlp.down_proj',
  };
}

export function rmsNormOf(config: Config, offset = 0): Norm {
  return rmsNorm(config.number('rms_norm_eps', 1e-6), offset);
}

/** `sliding_window` in every layer, or in those that `layer_types` says. */
export function slidingWindow(config: Config): Window | undefined {
  const width = config.value('sliding_window');
  const types = config.texts('layer_types');
  if (typeof width !== 'number') return undefined;
  const unknown = types?.find((type) => type !== 'sliding_attention' && type !== 'full_attention');
  if (unknown !== undefined) config.refuse(true, t`layers of the type ${unknown} are not known.`);
  const local = types?.map((type) => type === 'sliding_attention');
  if (local !== undefined && !local.includes(true)) return undefined;
  return { width, layers: local?.includes(false) === true ? layerCondition(local) : undefined };
}
