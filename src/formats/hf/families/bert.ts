import { t } from '@vscode/l10n';
import type { Config } from '../config.ts';
import type { Draft } from '../draft.ts';
import { writeEncoder } from '../encoder.ts';
import type { Family } from '../family.ts';

export const bert: Family = {
  types: ['bert'],
  title: 'BERT',
  model: 'BERT',
  source: 'Devlin et al. 2019',
  prefix: 'bert.',
  write: (config, draft) =>
    writeBert(config, draft, 'BERT', 'bert.', 0, {
      dense: 'cls.predictions.transform.dense',
      norm: 'cls.predictions.transform.LayerNorm',
      bias: 'cls.predictions.bias',
    }),
};

export const roberta: Family = {
  types: ['roberta', 'xlm-roberta', 'camembert'],
  title: 'RoBERTa',
  model: 'RoBERTa',
  source: 'Liu et al. 2019',
  prefix: 'roberta.',
  write: (config, draft) => {
    const padding = config.value('pad_token_id');
    // Positions count from the row after that of padding.
    const first = typeof padding === 'number' ? padding + 1 : 2;
    writeBert(config, draft, 'RoBERTa', 'roberta.', first, {
      dense: 'lm_head.dense',
      norm: 'lm_head.layer_norm',
      bias: 'lm_head.bias',
    });
  },
};

function writeBert(
  config: Config,
  draft: Draft,
  model: string,
  prefix: string,
  positionOffset: number,
  head: { readonly dense: string; readonly norm: string; readonly bias: string },
): void {
  const positions = config.text('position_embedding_type', 'absolute');
  config.refuse(
    positions !== 'absolute',
    t`the position_embedding_type ${positions} is not known.`,
  );
  config.refuse(config.flag('add_cross_attention', false), t`add_cross_attention is not known.`);
  writeEncoder(config, draft, {
    model,
    width: config.whole('hidden_size'),
    heads: config.whole('num_attention_heads'),
    layers: config.whole('num_hidden_layers'),
    hidden: config.whole('intermediate_size'),
    activation: config.text('hidden_act', 'gelu'),
    eps: config.number('layer_norm_eps', 1e-12),
    positionOffset,
    segments: config.whole('type_vocab_size', 2),
    names: {
      embeddings: `${prefix}embeddings.`,
      layer: `${prefix}encoder.layer.*.`,
      projections: {
        kind: 'separate',
        q: 'attention.self.query',
        k: 'attention.self.key',
        v: 'attention.self.value',
      },
      out: 'attention.output.dense',
      norms: ['attention.output.LayerNorm', 'output.LayerNorm'],
      up: 'intermediate.dense',
      down: 'output.dense',
      head,
    },
  });
}
