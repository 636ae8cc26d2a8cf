/** What Gemma's generations share. */
import { t } from '@vscode/l10n';
import type { Config } from './config.ts';
import { numberText } from './draft.ts';
import type { Window } from './gated-decoder.ts';
import { layerCondition } from './layer-pattern.ts';

export const scaledEmbedding = ['x = x * sqrt(d)'] as const;

/** Configurations of the first checkpoints say gelu and mean its tanh approximation. */
export function gemmaActivation(config: Config): string {
  const older = config.value('hidden_act');
  config.refuse(
    config.flag('use_bidirectional_attention', false),
    t`use_bidirectional_attention is not known.`,
  );
  const usual = typeof older === 'string' && older !== 'gelu' ? older : 'gelu_pytorch_tanh';
  return config.text('hidden_activation', usual);
}

export const sandwichNorms = [
  'input_layernorm',
  'post_attention_layernorm',
  'pre_feedforward_layernorm',
  'post_feedforward_layernorm',
] as const;

export function queryScale(config: Config, usual: number): string {
  return `1 / sqrt(${numberText(config.number('query_pre_attn_scalar', usual))})`;
}

/** Every `period`-th layer sees everything, the others a window; `layer_types` says it where it is there. */
export function alternating(config: Config, period: number): Window {
  const layers = config.whole('num_hidden_layers');
  const types = config.texts('layer_types');
  const local = Array.from({ length: layers }, (_, layer) =>
    types === undefined ? (layer + 1) % period !== 0 : types[layer] === 'sliding_attention',
  );
  return { width: config.whole('sliding_window', 4096), layers: layerCondition(local) };
}

/** A softcap that is there and not switched off. */
export function capOf(config: Config, key: string, usual: number | undefined): number | undefined {
  const given = config.value(key);
  return typeof given === 'number' ? given : config.has(key) ? undefined : usual;
}
