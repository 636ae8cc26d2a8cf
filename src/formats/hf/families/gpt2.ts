import { t } from '@vscode/l10n';
import { activationOf } from '../activations.ts';
import { writeDecoder } from '../decoder.ts';
import { layerNorm, writePositions } from '../ends.ts';
import type { Family } from '../family.ts';

export const gpt2: Family = {
  types: ['gpt2'],
  title: 'GPT-2',
  model: 'GPT2',
  source: 'Radford et al. 2019',
  prefix: 'transformer.',
  write: (config, draft) => {
    const width = config.whole(['n_embd', 'hidden_size']);
    const heads = config.whole(['n_head', 'num_attention_heads']);
    const longest = config.whole(['n_positions', 'max_position_embeddings']);
    const scaled = config.flag('scale_attn_weights', true);
    const deeper = config.flag('scale_attn_by_inverse_layer_idx', false);
    // Computed in another order for the sake of half precision; the value is the same.
    config.value('reorder_and_upcast_attn');
    config.refuse(config.flag('add_cross_attention', false), t`add_cross_attention is not known.`);
    const activation = config.text('activation_function', 'gelu_new');
    const divisor = [...(scaled ? ['sqrt(d_k)'] : []), ...(deeper ? ['(layer + 1)'] : [])];
    writeDecoder(config, draft, {
      width,
      table: 'transformer.wte.weight',
      tied: true,
      before: () => writePositions(draft, longest, 'transformer.wpe.weight'),
      stack: {
        block: 'GPT2Block',
        layer: 'transformer.h.*.',
        layers: config.whole(['n_layer', 'num_hidden_layers']),
        layout: 'pre',
        norm: layerNorm(config.number('layer_norm_epsilon', 1e-5)),
        norms: ['ln_1', 'ln_2'],
        attention: {
          heads,
          kvHeads: heads,
          causal: true,
          projections: { kind: 'side by side', qkv: 'attn.c_attn' },
          out: 'attn.c_proj',
          bias: { qkv: true, out: true },
          scale: deeper ? 'scale' : scaled ? undefined : '1',
        },
        feedForward: {
          kind: 'plain',
          hidden: config.whole('n_inner', 4 * width),
          activation: activationOf(config, draft, activation),
          bias: true,
          up: 'mlp.c_fc',
          down: 'mlp.c_proj',
        },
        stored: 'in-out',
        perLayer: deeper
          ? [{ name: 'scale', type: 'number', value: `1 / (${divisor.join(' * ')})` }]
          : [],
      },
      lastNorm: 'transformer.ln_f',
    });
  },
};
