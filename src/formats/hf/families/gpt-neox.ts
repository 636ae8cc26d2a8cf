import { activationOf } from '../activations.ts';
import { writeDecoder } from '../decoder.ts';
import { layerNorm } from '../ends.ts';
import type { Family } from '../family.ts';
import { readRope } from '../rope.ts';

export const gptNeoX: Family = {
  types: ['gpt_neox'],
  title: 'GPT-NeoX',
  model: 'GPTNeoX',
  source: 'Black et al. 2022; Pythia, Biderman et al. 2023',
  prefix: 'gpt_neox.',
  write: (config, draft) => {
    const width = config.whole('hidden_size');
    const heads = config.whole('num_attention_heads');
    const norm = layerNorm(config.number('layer_norm_eps', 1e-5));
    const { rope, part } = readRope(config, width / heads);
    const bias = config.flag('attention_bias', true);
    const parallel = config.flag('use_parallel_residual', true);
    config.value('max_position_embeddings');
    writeDecoder(config, draft, {
      width,
      table: 'gpt_neox.embed_in.weight',
      tied: false,
      stack: {
        block: 'GPTNeoXBlock',
        layer: 'gpt_neox.layers.*.',
        layers: config.whole('num_hidden_layers'),
        layout: parallel ? 'parallel' : 'pre',
        norm,
        norms: ['input_layernorm', 'post_attention_layernorm'],
        attention: {
          heads,
          kvHeads: heads,
          causal: true,
          projections: { kind: 'by head', qkv: 'attention.query_key_value' },
          out: 'attention.dense',
          bias: { qkv: bias, out: bias },
          rope,
          rotary: part === 1 ? undefined : Math.floor((width / heads) * part),
        },
        feedForward: {
          kind: 'plain',
          hidden: config.whole('intermediate_size'),
          activation: activationOf(config, draft, config.text('hidden_act', 'gelu')),
          bias: true,
          up: 'mlp.dense_h_to_4h',
          down: 'mlp.dense_4h_to_h',
        },
      },
      lastNorm: 'gpt_neox.final_layer_norm',
      head: { tensor: 'embed_out.weight' },
    });
  },
};
