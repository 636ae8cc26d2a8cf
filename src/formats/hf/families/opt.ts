import { t } from '@vscode/l10n';
import { activationOf } from '../activations.ts';
import { layerNorm, writeEmbedding, writeLastNorm, writeLogits, writePositions } from '../ends.ts';
import type { Family } from '../family.ts';
import { writeStack } from '../stack.ts';

export const opt: Family = {
  types: ['opt'],
  model: 'OPT',
  source: 'Zhang et al. 2022',
  prefix: 'model.',
  write: (config, draft) => {
    const width = config.whole('hidden_size');
    const heads = config.whole('num_attention_heads');
    const narrow = config.whole('word_embed_proj_dim', width);
    const before = config.flag('do_layer_norm_before', true);
    const bias = config.flag('enable_bias', true);
    const norm = layerNorm(1e-5);
    const table = 'model.decoder.embed_tokens.weight';
    const affine = config.flag('layer_norm_elementwise_affine', true);
    config.refuse(
      !affine,
      t`norms without parameters (layer_norm_elementwise_affine) are not known.`,
    );
    config.value('layerdrop');
    const sizes = { vocabulary: config.whole('vocab_size'), width, embedding: narrow };
    writeEmbedding(draft, sizes, table);
    if (narrow !== width) {
      draft.statement('x = Linear(x, out: d, bias: false) as project_in');
      draft.map('project_in.W', 'model.decoder.project_in.weight', '.T');
    }
    const longest = config.whole('max_position_embeddings');
    writePositions(draft, longest, 'model.decoder.embed_positions.weight', 2);
    writeStack(
      {
        block: 'OPTBlock',
        about: before
          ? 'Norms before attention and feed-forward network; the stream itself is only added to.'
          : 'The norm comes after each addition to the stream.',
        layer: 'model.decoder.layers.*.',
        layers: config.whole('num_hidden_layers'),
        layout: before ? 'pre' : 'post',
        norm,
        norms: ['self_attn_layer_norm', 'final_layer_norm'],
        attention: {
          heads,
          kvHeads: heads,
          headWidth: width / heads,
          causal: true,
          projections: {
            kind: 'separate',
            q: 'self_attn.q_proj',
            k: 'self_attn.k_proj',
            v: 'self_attn.v_proj',
          },
          out: 'self_attn.out_proj',
          bias: { qkv: bias, out: bias },
        },
        feedForward: {
          kind: 'plain',
          hidden: config.whole('ffn_dim'),
          activation: activationOf(config, draft, config.text('activation_function', 'relu')),
          bias,
          up: 'fc1',
          down: 'fc2',
        },
      },
      width,
      draft,
    );
    if (before && !config.flag('_remove_final_layer_norm', false)) {
      writeLastNorm(draft, norm, 'model.decoder.final_layer_norm');
    }
    if (narrow !== width) {
      draft.statement('x = Linear(x, out: d_embed, bias: false) as project_out');
      draft.map('project_out.W', 'model.decoder.project_out.weight', '.T');
    }
    writeLogits(config, draft, { embedding: table, tied: true });
  },
};
