import { activationOf } from '../activations.ts';
import { writeDecoder } from '../decoder.ts';
import { layerNorm } from '../ends.ts';
import type { Family } from '../family.ts';

export const gptJ: Family = {
  types: ['gptj'],
  title: 'GPT-J',
  model: 'GPTJ',
  source: 'Wang and Komatsuzaki 2021',
  prefix: 'transformer.',
  write: (config, draft) => {
    const width = config.whole(['n_embd', 'hidden_size']);
    const heads = config.whole(['n_head', 'num_attention_heads']);
    const headWidth = width / heads;
    const rotary = config.whole('rotary_dim', headWidth);
    const norm = layerNorm(config.number('layer_norm_epsilon', 1e-5));
    // Of the sinusoids; rotary positions need no table.
    config.value('n_positions');
    // What the original code multiplied scores with is this by another name.
    config.value('scale_attn_weights', 'rotary');
    writeDecoder(config, draft, {
      width,
      table: 'transformer.wte.weight',
      tied: false,
      stack: {
        block: 'GPTJBlock',
        layer: 'transformer.h.*.',
        layers: config.whole(['n_layer', 'num_hidden_layers']),
        layout: 'parallel',
        norm,
        norms: ['ln_1'],
        attention: {
          heads,
          kvHeads: heads,
          causal: true,
          projections: { kind: 'separate', q: 'attn.q_proj', k: 'attn.k_proj', v: 'attn.v_proj' },
          out: 'attn.out_proj',
          bias: { qkv: false, out: false },
          rope: { base: 10_000, style: 'interleaved', frequencies: undefined, factor: 1 },
          rotary: rotary === headWidth ? undefined : rotary,
        },
        feedForward: {
          kind: 'plain',
          hidden: config.whole('n_inner', 4 * width),
          activation: activationOf(config, draft, config.text('activation_function', 'gelu_new')),
          bias: true,
          up: 'mlp.fc_in',
          down: 'mlp.fc_out',
        },
      },
      lastNorm: 'transformer.ln_f',
      head: { bias: 'lm_head.bias' },
    });
  },
};
