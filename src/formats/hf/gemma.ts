/** What Gemma's generations share. */
import { t } from '@vscode/l10n';
import type { Config } from './config.ts';
import { type Draft, numberText } from './draft.ts';
import { gatedDecoder, rmsNormOf, type Variation, type Window } from './gated-decoder.ts';
import { layerCondition } from './layer-pattern.ts';
import type { Attention } from './parts.ts';

/** Norms that scale by 1 + γ, an embedding that is scaled and shared with the head, wide heads. */
export function gemmaDecoder(config: Config, draft: Draft, variation: Variation): void {
  const bias = config.flag('attention_bias', false);
  gatedDecoder(config, draft, {
    norm: rmsNormOf(config, 1),
    bias: { qkv: bias, out: bias },
    activation: gemmaActivation(config),
    embedded: ['x = x * sqrt(d)'],
    headWidth: 256,
    tied: true,
    ...variation,
  });
}

export interface LaterGemma {
  readonly model: string;
  /** Every so many layers one sees all tokens. */
  readonly period: number;
  /** Where config.json does not say. */
  readonly caps: { readonly scores: number | undefined; readonly logits: number | undefined };
  readonly attention?: Partial<Attention>;
}

/** From the second generation on: norms around each sublayer, windows in most layers, caps. */
export function laterGemma(config: Config, draft: Draft, later: LaterGemma): void {
  gemmaDecoder(config, draft, {
    model: later.model,
    layout: 'sandwich',
    norms: sandwichNorms,
    attention: {
      scale: queryScale(config, 256),
      softcap: capOf(config, 'attn_logit_softcapping', later.caps.scores),
      ...later.attention,
    },
    window: alternating(config, later.period),
    softcap: capOf(config, 'final_logit_softcapping', later.caps.logits),
  });
}

/** Configurations of the first checkpoints say gelu and mean its tanh approximation. */
function gemmaActivation(config: Config): string {
  const older = config.value('hidden_act');
  config.refuse(
    config.flag('use_bidirectional_attention', false),
    t`use_bidirectional_attention is not known.`,
  );
  const usual = typeof older === 'string' && older !== 'gelu' ? older : 'gelu_pytorch_tanh';
  return config.text('hidden_activation', usual);
}

const sandwichNorms = [
  'input_layernorm',
  'post_attention_layernorm',
  'pre_feedforward_layernorm',
  'post_feedforward_layernorm',
] as const;

function queryScale(config: Config, usual: number): string {
  return `1 / sqrt(${numberText(config.number('query_pre_attn_scalar', usual))})`;
}

/** Every `period`-th layer sees everything, the others a window; `layer_types` says it where it is there. */
function alternating(config: Config, period: number): Window {
  const layers = config.whole('num_hidden_layers');
  const types = config.texts('layer_types');
  const local = Array.from({ length: layers }, (_, layer) =>
    types === undefined ? (layer + 1) % period !== 0 : types[layer] === 'sliding_attention',
  );
  return { width: config.whole('sliding_window', 4096), layers: layerCondition(local) };
}

/** A softcap that is there and not switched off. */
function capOf(config: Config, key: string, usual: number | undefined): number | undefined {
  const given = config.value(key);
  return typeof given === 'number' ? given : config.has(key) ? undefined : usual;
}
