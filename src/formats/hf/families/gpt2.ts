import { t } from '@vscode/l10n';
import { activationOf } from '../activations.ts';
import { numberText } from '../draft.ts';
import { writeEmbedding, writeLastNorm, writeLogits, writePositions } from '../ends.ts';
import type { Family } from '../family.ts';
import { writeStack } from '../stack.ts';

export const gpt2: Family = {
  types: ['gpt2'],
  model: 'GPT2',
  source: 'Radford et al. 2019',
  prefix: 'transformer.',
  write: (config, draft) => {
    const width = config.whole(['n_embd', 'hidden_size']);
    const heads = config.whole(['n_head', 'num_attention_heads']);
    const eps = config.number('layer_norm_epsilon', 1e-5);
    const norm = { block: 'LayerNorm', arguments: [`eps: ${numberText(eps)}`] } as const;
    const table = 'transformer.wte.weight';
    writeEmbedding(draft, { vocabulary: config.whole('vocab_size'), width }, table);
    const longest = config.whole(['n_positions', 'max_position_embeddings']);
    writePositions(draft, longest, 'transformer.wpe.weight');
    const scaled = config.flag('scale_attn_weights', true);
    const deeper = config.flag('scale_attn_by_inverse_layer_idx', false);
    // Computed in another order for the sake of half precision; the value is the same.
    config.value('reorder_and_upcast_attn');
    config.refuse(config.flag('add_cross_attention', false), t`add_cross_attention is not known.`);
    const activation = config.text('activation_function', 'gelu_new');
    const divisor = [...(scaled ? ['sqrt(d_k)'] : []), ...(deeper ? ['(layer + 1)'] : [])];
    writeStack(
      {
        block: 'GPT2Block',
        about:
          'Norms before attention and feed-forward network; the stream itself is only added to.',
        layer: 'transformer.h.*.',
        layers: config.whole(['n_layer', 'num_hidden_layers']),
        layout: 'pre',
        norm,
        norms: ['ln_1', 'ln_2'],
        attention: {
          heads,
          kvHeads: heads,
          headWidth: width / heads,
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
      width,
      draft,
    );
    writeLastNorm(draft, norm, 'transformer.ln_f');
    writeLogits(config, draft, { embedding: table, tied: true });
  },
};
