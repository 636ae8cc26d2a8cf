import { activationOf } from '../activations.ts';
import { layerNorm } from '../ends.ts';
import type { Family } from '../family.ts';
import { gatedDecoder } from '../gated-decoder.ts';

export const phi: Family = {
  types: ['phi'],
  title: 'Phi',
  model: 'Phi',
  source: 'Phi-1.5 and Phi-2, Li et al. 2023',
  prefix: 'model.',
  write: (config, draft) => {
    const norm = layerNorm(config.number('layer_norm_eps', 1e-5));
    const normalised = config.flag('qk_layernorm', false);
    const [q, k] = ['self_attn.q_layernorm', 'self_attn.k_layernorm'];
    gatedDecoder(config, draft, {
      model: 'Phi',
      layout: 'parallel',
      norm,
      norms: ['input_layernorm'],
      lastNorm: 'model.final_layernorm',
      bias: { qkv: true, out: true },
      part: 0.5,
      attention: {
        out: 'self_attn.dense',
        ...(normalised ? { qkNorm: { norm, over: 'head', q, k } } : {}),
      },
      feedForward: {
        kind: 'plain',
        hidden: config.whole('intermediate_size'),
        activation: activationOf(config, draft, config.text('hidden_act', 'gelu_new')),
        bias: true,
        up: 'mlp.fc1',
        down: 'mlp.fc2',
      },
      headBias: 'lm_head.bias',
    });
  },
};
