import { activationOf } from '../activations.ts';
import type { Config } from '../config.ts';
import { writeDecoder } from '../decoder.ts';
import { layerNorm } from '../ends.ts';
import type { Family } from '../family.ts';
import type { Attention, Stack } from '../parts.ts';
import { readRope } from '../rope.ts';

export const falcon: Family = {
  types: ['falcon', 'RefinedWeb', 'RefinedWebModel'],
  title: 'Falcon',
  model: 'Falcon',
  source: 'Almazrouei et al. 2023',
  prefix: 'transformer.',
  write: (config, draft) => {
    const width = config.whole('hidden_size');
    const heads = config.whole(['num_attention_heads', 'n_head']);
    const norm = layerNorm(config.number('layer_norm_epsilon', 1e-5));
    const bias = config.flag('bias', false);
    config.value('max_position_embeddings');
    // Read only by other parts of transformers: the width is ffn_hidden_size.
    config.value('intermediate_size');
    writeDecoder(config, draft, {
      width,
      table: 'transformer.word_embeddings.weight',
      tied: true,
      stack: {
        ...layoutOf(config),
        block: 'FalconBlock',
        layer: 'transformer.h.*.',
        layers: config.whole(['num_hidden_layers', 'n_layer']),
        norm,
        attention: {
          ...projectionsOf(config, heads),
          heads,
          causal: true,
          out: 'self_attention.dense',
          bias: { qkv: bias, out: bias },
          ...positionsOf(config, width / heads),
        },
        feedForward: {
          kind: 'plain',
          hidden: config.whole('ffn_hidden_size', 4 * width),
          activation: activationOf(config, draft, config.text('activation', 'gelu')),
          bias,
          up: 'mlp.dense_h_to_4h',
          down: 'mlp.dense_4h_to_h',
        },
      },
      lastNorm: 'transformer.ln_f',
    });
  },
};

function layoutOf(config: Config): Pick<Stack, 'layout' | 'norms'> {
  const newer = config.flag('new_decoder_architecture', false);
  const parallel = config.flag('parallel_attn', true) || newer;
  const norms = config.number('num_ln_in_parallel_attn', newer ? 2 : 1);
  if (!parallel) {
    return { layout: 'pre', norms: ['input_layernorm', 'post_attention_layernorm'] };
  }
  return {
    layout: 'parallel',
    norms: newer && norms === 2 ? ['ln_attn', 'ln_mlp'] : ['input_layernorm'],
  };
}

/** One matrix for queries, keys and values, laid out in one of three ways. */
function projectionsOf(config: Config, heads: number): Pick<Attention, 'kvHeads' | 'projections'> {
  const qkv = 'self_attention.query_key_value';
  const groups = config.whole(['num_kv_heads', 'n_head_kv'], heads);
  const single = config.flag('multi_query', true);
  if (config.flag('new_decoder_architecture', false)) {
    return { kvHeads: groups, projections: { kind: 'by group', qkv } };
  }
  return single
    ? { kvHeads: 1, projections: { kind: 'side by side', qkv } }
    : { kvHeads: heads, projections: { kind: 'by head', qkv } };
}

function positionsOf(config: Config, headWidth: number): Pick<Attention, 'rope' | 'alibi'> {
  const { rope } = readRope(config, headWidth);
  return config.flag('alibi', false) ? { alibi: 'before scale' } : { rope };
}
