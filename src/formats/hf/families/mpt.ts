import { t } from '@vscode/l10n';
import type { Config } from '../config.ts';
import { writeDecoder } from '../decoder.ts';
import { numberText } from '../draft.ts';
import { layerNorm } from '../ends.ts';
import type { Family } from '../family.ts';
import type { Attention, Norm } from '../parts.ts';

export const mpt: Family = {
  types: ['mpt'],
  title: 'MPT',
  model: 'MPT',
  source: 'MosaicML 2023',
  prefix: 'transformer.',
  write: (config, draft) => {
    const width = config.whole('d_model');
    const heads = config.whole('n_heads');
    const { arguments: eps } = layerNorm(config.number('layer_norm_epsilon', 1e-5));
    const norm: Norm = { block: 'ScaledLayerNorm', arguments: eps };
    config.refuse(
      !config.flag('no_bias', true),
      t`no_bias = false, a model with biases, is not known.`,
    );
    config.refuse(typeof config.value('logit_scale') === 'number', t`logit_scale is not known.`);
    const kind = config.text('norm_type', 'low_precision_layernorm');
    config.refuse(!kind.endsWith('layernorm'), t`the norm_type ${kind} is not known.`);
    // The longest that training went, which ALiBi can go beyond; a table that ALiBi stands in for; training's own.
    config.value('max_seq_len', 'learned_pos_emb', 'embedding_fraction', 'verbose', 'init_config');
    writeDecoder(config, draft, {
      width,
      table: 'transformer.wte.weight',
      tied: true,
      stack: {
        block: 'MPTBlock',
        layer: 'transformer.blocks.*.',
        layers: config.whole('n_layers'),
        layout: 'pre',
        norm,
        norms: ['norm_1', 'norm_2'],
        attention: {
          heads,
          kvHeads: heads,
          causal: true,
          projections: { kind: 'side by side', qkv: 'attn.Wqkv' },
          out: 'attn.out_proj',
          bias: { qkv: false, out: false },
          ...settingsOf(config),
        },
        feedForward: {
          kind: 'plain',
          hidden: config.number('expansion_ratio', 4) * width,
          activation: 'gelu',
          bias: false,
          up: 'ffn.up_proj',
          down: 'ffn.down_proj',
        },
      },
      lastNorm: 'transformer.norm_f',
    });
  },
};

function settingsOf(config: Config): Pick<Attention, 'alibi' | 'clip' | 'scale'> {
  const settings = config.section('attn_config');
  if (settings === undefined) return { alibi: 'after scale' };
  settings.value('attn_impl', 'attn_type', 'attn_uses_sequence_id', 'model_type', 'attn_pdrop');
  config.refuse(!settings.flag('alibi', true), t`attn_config.alibi = false is not known.`);
  config.refuse(
    settings.number('alibi_bias_max', 8) !== 8,
    t`an alibi_bias_max other than 8 is not known.`,
  );
  config.refuse(settings.flag('prefix_lm', false), t`attn_config.prefix_lm is not known.`);
  config.refuse(settings.flag('qk_ln', false), t`attn_config.qk_ln is not known.`);
  const clip = settings.value('clip_qkv');
  const scale = settings.value('softmax_scale');
  return {
    alibi: 'after scale',
    ...(typeof clip === 'number' ? { clip } : {}),
    ...(typeof scale === 'number' ? { scale: numberText(scale) } : {}),
  };
}
