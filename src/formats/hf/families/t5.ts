import { activationOf } from '../activations.ts';
import type { Config } from '../config.ts';
import { callText, type Draft, numberText } from '../draft.ts';
import { logitsOf, writeSharedTable } from '../ends.ts';
import type { Family } from '../family.ts';

export const t5: Family = {
  types: ['t5', 'mt5'],
  title: 'T5',
  model: 'T5',
  source: 'Raffel et al. 2020',
  prefix: '',
  write: (config, draft) => {
    const width = config.whole('d_model');
    draft.dim('N', undefined, 'number of tokens; the input gives it');
    draft.dim('V', config.whole('vocab_size'), 'vocabulary');
    draft.dim('d', width, 'width of the residual stream');
    draft.dim('heads', config.whole('num_heads'));
    draft.dim('d_k', config.whole('d_kv', 64), 'width of a head');
    draft.dim('d_ff', config.whole('d_ff'), 'hidden width of the feed-forward network');
    draft.dim('L', config.whole('num_layers'), 'layers of the encoder');
    const settings = settingsOf(config, draft);
    writeEncoder(draft, settings);
    if (draft.hasTensor('decoder.block.*.layer.0.SelfAttention.q.weight') === false) {
      draft.statement(`output y = RMSNorm(x, eps: ${settings.eps}) as final`);
      draft.expectations.push('expect y : [N, d]');
      return;
    }
    writeDecoder(config, draft, settings);
  },
};

interface Settings {
  readonly eps: string;
  readonly gated: boolean;
  readonly activation: string;
  readonly table: string;
  readonly buckets: number;
  readonly farthest: number;
}

function settingsOf(config: Config, draft: Draft): Settings {
  const projection = config.text('feed_forward_proj', 'relu');
  const gated = projection.startsWith('gated-');
  const named = projection.replace(/^gated-/, '');
  // What it says, said again; and a gated gelu is meant to be its tanh approximation.
  config.value('dense_act_fn', 'is_gated_act', 'n_positions', 'num_decoder_layers');
  const shared = draft.hasTensor('shared.weight') === false;
  return {
    eps: numberText(config.number('layer_norm_epsilon', 1e-6)),
    gated,
    activation: activationOf(config, draft, gated && named === 'gelu' ? 'gelu_new' : named),
    table: shared ? 'encoder.embed_tokens.weight' : 'shared.weight',
    buckets: config.whole('relative_attention_num_buckets', 32),
    farthest: config.whole('relative_attention_max_distance', 128),
  };
}

// ---------------------------------------------------------------- encoder

function writeEncoder(draft: Draft, settings: Settings): void {
  const { eps, table } = settings;
  draft.dim('buckets', settings.buckets, 'of distances between tokens');
  draft.input('tokens: int[N]', 'tokens');
  draft.block(biasBlock('EncoderBias', 'N', settings, true));
  draft.block(`/// Relative positions in the scores, which are not scaled; norms before each sublayer.
block EncoderBlock(x: [N, d], position_bias: [heads, N, N]) -> [N, d] {
  x += ${attention(`RMSNorm(x, eps: ${eps}) as ln_1`, 'score_bias: position_bias')} as attn
  x += ${forward(settings, 'ln_2')} as mlp
  return x
}`);
  // Encoder, decoder and often the head have it in common.
  writeSharedTable(draft, 'd', table);
  draft.statement(
    'x = W_E[tokens]',
    'position_bias = EncoderBias() as encoder_bias',
    'repeat L as blocks {\n  x = EncoderBlock(x, position_bias)\n}',
  );
  draft.map(
    'encoder_bias.W_bias',
    'encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight',
  );
  const layer = 'encoder.block.*.layer.';
  mapAttention(draft, 'blocks.*.attn', `${layer}0.SelfAttention`);
  draft.map('blocks.*.ln_1.gamma', `${layer}0.layer_norm.weight`);
  mapForward(draft, 'blocks.*', `${layer}1`, 'ln_2', settings.gated);
  draft.map('final.gamma', 'encoder.final_layer_norm.weight');
}

// ---------------------------------------------------------------- decoder

function writeDecoder(config: Config, draft: Draft, settings: Settings): void {
  const { eps } = settings;
  const layers = config.whole('num_decoder_layers', config.whole('num_layers'));
  draft.dim('M', undefined, 'number of tokens to be completed; the input gives it');
  draft.dim('L_decoder', layers, 'layers of the decoder');
  draft.input('targets: int[M]', 'targets');
  draft.block(biasBlock('DecoderBias', 'M', settings, false));
  const own = ['causal: true', 'score_bias: position_bias'];
  draft.block(`/// Attention to what is there already, then to what the encoder made of the tokens.
block DecoderBlock(x: [M, d], memory: [N, d], position_bias: [heads, M, M]) -> [M, d] {
  x += ${attention(`RMSNorm(x, eps: ${eps}) as ln_1`, ...own)} as attn
  x += ${attention(`RMSNorm(x, eps: ${eps}) as ln_2`, 'context: memory')} as cross
  x += ${forward(settings, 'ln_3')} as mlp
  return x
}`);
  draft.statement(
    `memory = RMSNorm(x, eps: ${eps}) as final`,
    'y = W_E[targets]',
    'decoder_position_bias = DecoderBias() as decoder_bias',
    'repeat L_decoder as decoder_blocks {\n  y = DecoderBlock(y, memory, decoder_position_bias)\n}',
    `y = RMSNorm(y, eps: ${eps}) as decoder_final`,
  );
  draft.map(
    'decoder_bias.W_bias',
    'decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight',
  );
  const layer = 'decoder.block.*.layer.';
  mapAttention(draft, 'decoder_blocks.*.attn', `${layer}0.SelfAttention`);
  mapAttention(draft, 'decoder_blocks.*.cross', `${layer}1.EncDecAttention`);
  draft.map('decoder_blocks.*.ln_1.gamma', `${layer}0.layer_norm.weight`);
  draft.map('decoder_blocks.*.ln_2.gamma', `${layer}1.layer_norm.weight`);
  mapForward(draft, 'decoder_blocks.*', `${layer}2`, 'ln_3', settings.gated);
  draft.map('decoder_final.gamma', 'decoder.final_layer_norm.weight');
  writeHead(config, draft);
}

/** The head is the embedding, and then the stream is scaled, or a matrix of its own. */
function writeHead(config: Config, draft: Draft): void {
  const tied = config.flag('tie_word_embeddings', true);
  const scaled = config.flag('scale_decoder_outputs', tied);
  const shared = !(draft.hasTensor('lm_head.weight') ?? !tied);
  const stream = scaled ? 'y / sqrt(d)' : 'y';
  const read = scaled && shared ? `(${stream})` : stream;
  draft.statement(`output logits = ${logitsOf(draft, read, { tied: shared })}`);
  draft.expectations.push('expect logits : [M, V]');
}

// ---------------------------------------------------------------- what both have

function attention(x: string, ...more: readonly string[]): string {
  const call = callText('MultiHeadAttention', [x, 'heads: heads', 'd_k: d_k', 'scale: 1', ...more]);
  return call.replaceAll('\n', '\n  ');
}

function forward({ eps, gated, activation }: Settings, label: string): string {
  const args = [`RMSNorm(x, eps: ${eps}) as ${label}`, 'hidden: d_ff', `activation: ${activation}`];
  return gated ? callText('GatedFFN', args) : callText('FFN', [...args, 'bias: false']);
}

function mapAttention(draft: Draft, path: string, tensor: string): void {
  for (const name of ['q', 'k', 'v', 'o']) {
    draft.map(`${path}.W_${name.toUpperCase()}`, `${tensor}.${name}.weight`, '.T');
  }
}

function mapForward(draft: Draft, at: string, layer: string, norm: string, gated: boolean): void {
  const names = gated
    ? [
        ['W_gate', 'wi_0'],
        ['W_up', 'wi_1'],
        ['W_down', 'wo'],
      ]
    : [
        ['W_1', 'wi'],
        ['W_2', 'wo'],
      ];
  for (const [name, tensor] of names) {
    draft.map(`${at}.mlp.${name}`, `${layer}.DenseReluDense.${tensor}.weight`, '.T');
  }
  draft.map(`${at}.${norm}.gamma`, `${layer}.layer_norm.weight`);
}

/** A learned number for every head and bucket of distances; the encoder's buckets also say which token comes first. */
function biasBlock(name: string, length: string, settings: Settings, both: boolean): string {
  const { buckets, farthest } = settings;
  const count = both ? Math.floor(buckets / 2) : buckets;
  const starts = bucketStarts(count, farthest).join(', ');
  const later = both ? `\n  bucket = bucket + (distance > 0) * ${count}` : '';
  const size = both ? 'abs(distance)' : 'max(-distance, 0)';
  return `/// What the scores of every head get for the distance from query to key, in buckets that grow with it.
block ${name}() -> [heads, ${length}, ${length}] {
  param W_bias: [buckets, heads]
  distance = positions(${length})[none, :] - positions(${length})[:, none]
  // Where each bucket after the first begins.
  starts = [${starts}]
  bucket = sum(${size}[..., none] >= starts)${later}
  return rearrange((bucket[..., none] == positions(buckets)) @ W_bias, "n m h -> h n m")
}`;
}

/** The first distance of every bucket but the first: half of them one by one, the others in equal steps of a logarithm. */
function bucketStarts(count: number, farthest: number): readonly number[] {
  const exact = Math.floor(count / 2);
  const { fround } = Math;
  const bucketOf = (distance: number) => {
    if (distance < exact) return distance;
    // In float32, as the models were trained: it decides where a step is met exactly.
    const share = fround(
      fround(Math.log(fround(distance / exact))) / fround(Math.log(farthest / exact)),
    );
    return Math.min(exact + Math.trunc(fround(share * (count - exact))), count - 1);
  };
  const starts: number[] = [];
  for (let distance = 1; starts.length < count - 1 && distance <= 2 * farthest; distance++) {
    while (starts.length < bucketOf(distance)) starts.push(distance);
  }
  return starts;
}
