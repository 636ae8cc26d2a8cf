import { t } from '@vscode/l10n';
import { mapNorm } from '../attention.ts';
import { writeDecoder } from '../decoder.ts';
import { layerNorm } from '../ends.ts';
import type { Family } from '../family.ts';
import { normCall } from '../stack.ts';

export const bloom: Family = {
  types: ['bloom'],
  title: 'BLOOM',
  model: 'Bloom',
  source: 'Le Scao et al. 2022',
  prefix: 'transformer.',
  write: (config, draft) => {
    const width = config.whole(['hidden_size', 'n_embed']);
    const heads = config.whole(['n_head', 'num_attention_heads']);
    const norm = layerNorm(config.number('layer_norm_epsilon', 1e-5));
    config.refuse(
      config.flag('apply_residual_connection_post_layernorm', false),
      t`apply_residual_connection_post_layernorm is not known.`,
    );
    // Lengths, layouts of masks and numbers that other code of the training run read.
    config.value('seq_length', 'offset_alibi', 'attention_softmax_in_fp32', 'bias_dropout_fusion');
    config.value('masked_softmax_fusion', 'skip_bias_add', 'skip_bias_add_qkv', 'unk_token_id');
    writeDecoder(config, draft, {
      width,
      table: 'transformer.word_embeddings.weight',
      tied: true,
      before: () => {
        draft.statement(`x = ${normCall(norm, 'x')} as ln_embed`);
        mapNorm('ln_embed', 'transformer.word_embeddings_layernorm', norm, draft);
      },
      stack: {
        block: 'BloomBlock',
        layer: 'transformer.h.*.',
        layers: config.whole(['n_layer', 'num_hidden_layers']),
        layout: 'pre',
        norm,
        norms: ['input_layernorm', 'post_attention_layernorm'],
        attention: {
          heads,
          kvHeads: heads,
          causal: true,
          projections: { kind: 'by head', qkv: 'self_attention.query_key_value' },
          out: 'self_attention.dense',
          bias: { qkv: true, out: true },
          alibi: 'after scale',
        },
        feedForward: {
          kind: 'plain',
          hidden: 4 * width,
          activation: 'gelu_tanh',
          bias: true,
          up: 'mlp.dense_h_to_4h',
          down: 'mlp.dense_4h_to_h',
        },
      },
      lastNorm: 'transformer.ln_f',
    });
  },
};
