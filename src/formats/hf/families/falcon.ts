import { activationOf } from '../activations.ts';
import type { Config } from '../config.ts';
import { layerNorm, writeEmbedding, writeLastNorm, writeLogits } from '../ends.ts';
import type { Family } from '../family.ts';
import type { Attention, Stack } from '../parts.ts';
import { readRope } from '../rope.ts';
import { writeStack } from '../stack.ts';

export const falcon: Family = {
  types: ['falcon', 'RefinedWeb', 'RefinedWebModel'],
  model: 'Falcon',
  source: 'Almazrouei et al. 2023',
  prefix: 'transformer.',
  write: (config, draft) => {
    const width = config.whole('hidden_size');
    const heads = config.whole(['num_attention_heads', 'n_head']);
    const norm = layerNorm(config.number('layer_norm_epsilon', 1e-5));
    const bias = config.flag('bias', false);
    const table = 'transformer.word_embeddings.weight';
    config.value('max_position_embeddings');
    // Read only by other parts of transformers: the width is ffn_hidden_size.
    config.value('intermediate_size');
    writeEmbedding(draft, { vocabulary: config.whole('vocab_size'), width }, table);
    writeStack(
      {
        ...layoutOf(config),
        block: 'FalconBlock',
        layer: 'transformer.h.*.',
        layers: config.whole(['num_hidden_layers', 'n_layer']),
        norm,
        attention: {
          ...projectionsOf(config, heads),
          heads,
          headWidth: width / heads,
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
      width,
      draft,
    );
    writeLastNorm(draft, norm, 'transformer.ln_f');
    writeLogits(config, draft, { embedding: table, tied: true });
  },
};

function layoutOf(config: Config): Pick<Stack, 'layout' | 'norms' | 'about'> {
  const newer = config.flag('new_decoder_architecture', false);
  const parallel = config.flag('parallel_attn', true) || newer;
  const norms = config.number('num_ln_in_parallel_attn', newer ? 2 : 1);
  if (!parallel) {
    return {
      layout: 'pre',
      norms: ['input_layernorm', 'post_attention_layernorm'],
      about: 'Norms before attention and feed-forward network; the stream itself is only added to.',
    };
  }
  return {
    layout: 'parallel',
    norms: newer && norms === 2 ? ['ln_attn', 'ln_mlp'] : ['input_layernorm'],
    about: 'Attention and feed-forward network read the same stream and write side by side.',
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
