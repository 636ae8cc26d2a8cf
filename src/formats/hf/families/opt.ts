import { t } from '@vscode/l10n';
import { activationOf } from '../activations.ts';
import { writeDecoder } from '../decoder.ts';
import { layerNorm, writePositions } from '../ends.ts';
import type { Family } from '../family.ts';

export const opt: Family = {
  types: ['opt'],
  title: 'OPT',
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
    const affine = config.flag('layer_norm_elementwise_affine', true);
    config.refuse(
      !affine,
      t`norms without parameters (layer_norm_elementwise_affine) are not known.`,
    );
    config.value('layerdrop');
    const longest = config.whole('max_position_embeddings');
    const normed = before && !config.flag('_remove_final_layer_norm', false);
    writeDecoder(config, draft, {
      width,
      table: 'model.decoder.embed_tokens.weight',
      tied: true,
      embeddingWidth: narrow,
      before: () => {
        if (narrow !== width) {
          draft.statement('x = Linear(x, out: d, bias: false) as project_in');
          draft.map('project_in.W', 'model.decoder.project_in.weight', '.T');
        }
        writePositions(draft, longest, 'model.decoder.embed_positions.weight', 2);
      },
      stack: {
        block: 'OPTBlock',
        layer: 'model.decoder.layers.*.',
        layers: config.whole('num_hidden_layers'),
        layout: before ? 'pre' : 'post',
        norm,
        norms: ['self_attn_layer_norm', 'final_layer_norm'],
        attention: {
          heads,
          kvHeads: heads,
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
      lastNorm: normed ? 'model.decoder.final_layer_norm' : undefined,
      after: () => {
        if (narrow === width) return;
        draft.statement('x = Linear(x, out: d_embed, bias: false) as project_out');
        draft.map('project_out.W', 'model.decoder.project_out.weight', '.T');
      },
    });
  },
};
