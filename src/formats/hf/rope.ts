/** Rotary positions as configurations say them, scaled ones included, under the names of either generation. */
import { t } from '@vscode/l10n';
import type { Config } from './config.ts';
import { numberText } from './draft.ts';
import type { Rope } from './parts.ts';

export interface RopeDefaults {
  readonly base: number;
  readonly style: Rope['style'];
}

export interface ReadRope {
  readonly rope: Rope;
  /** The part of a head that turns, as a fraction. */
  readonly part: number;
}

const plainDefaults: RopeDefaults = { base: 10_000, style: 'half' };

/** `rope_theta` and `rope_scaling`, or `rope_parameters`, which has both. `headWidth`: all of a head. */
export function readRope(
  config: Config,
  headWidth: number,
  { base: usual, style }: RopeDefaults = plainDefaults,
  usualPart = 1,
): ReadRope {
  const given = config.section('rope_parameters');
  const scaling = given ?? config.section('rope_scaling');
  const base =
    given?.number('rope_theta', usual) ?? config.number(['rope_theta', 'rotary_emb_base'], usual);
  const said = config.number(['partial_rotary_factor', 'rotary_pct'], usualPart);
  const part = given?.number('partial_rotary_factor', said) ?? said;
  return { rope: scaledRope(config, scaling, { base, style }, headWidth * part), part };
}

/** `width`: how much of a head turns. */
export function scaledRope(
  config: Config,
  scaling: Config | undefined,
  { base, style }: RopeDefaults,
  width: number,
): Rope {
  const plain = { base, style, frequencies: undefined, factor: 1 };
  const kind = scaling?.text(['rope_type', 'type'], 'default') ?? 'default';
  if (scaling === undefined || kind === 'default') return plain;
  const longest = config.number(['max_position_embeddings', 'n_positions'], 2048);
  switch (kind) {
    case 'linear': {
      const frequencies = [`return plain / ${numberText(scaling.number('factor'))}`];
      return { ...plain, frequencies };
    }
    case 'dynamic':
      return { ...plain, frequencies: dynamicLines(scaling, base, longest) };
    case 'llama3':
      return { ...plain, frequencies: llama3Lines(scaling) };
    case 'yarn':
      return { ...plain, ...yarn(scaling, base, width, longest) };
    case 'longrope':
    case 'su':
      return { ...plain, ...longRope(config, scaling, longest) };
    default:
      config.refuse(true, t`rope scaling of the type ${kind} is not known.`);
      return plain;
  }
}

/** Beyond the trained length the base grows (transformers, `dynamic`). */
function dynamicLines(scaling: Config, base: number, longest: number): readonly string[] {
  const factor = numberText(scaling.number('factor'));
  const trained = numberText(scaling.number('original_max_position_embeddings', longest));
  return [
    `stretch = max(${factor} * N / ${trained} - (${factor} - 1), 1)`,
    `base = ${numberText(base)} * pow(stretch, WIDTH / (WIDTH - 2))`,
    'return pow(base, -2 * positions(WIDTH / 2) / WIDTH)',
  ];
}

/** Long waves are slowed by the factor, short ones stay, those between are interpolated (Llama 3.1). */
function llama3Lines(scaling: Config): readonly string[] {
  const factor = numberText(scaling.number('factor'));
  const low = scaling.number('low_freq_factor');
  const high = scaling.number('high_freq_factor');
  const trained = numberText(scaling.number('original_max_position_embeddings'));
  return [
    `turns = ${trained} * plain / (2 * 3.141592653589793)`,
    `smooth = (turns - ${numberText(low)}) / ${numberText(high - low)}`,
    `between = (1 - smooth) * plain / ${factor} + smooth * plain`,
    `slow = where(turns < ${numberText(low)}, plain / ${factor}, between)`,
    `return where(turns > ${numberText(high)}, plain, slow)`,
  ];
}

/** NTK by parts (Peng et al. 2023): pairs below `low` keep their frequency, those from `high` on are divided. */
function yarn(scaling: Config, base: number, width: number, longest: number) {
  const factor = scaling.number('factor');
  const trained = scaling.number('original_max_position_embeddings', longest);
  const pairOf = (turns: number) =>
    (width * Math.log(trained / (turns * 2 * Math.PI))) / (2 * Math.log(base));
  const whole = scaling.flag('truncate', true);
  const first = pairOf(scaling.number('beta_fast', 32));
  const last = pairOf(scaling.number('beta_slow', 1));
  const low = Math.max(whole ? Math.floor(first) : first, 0);
  const high = Math.min(whole ? Math.ceil(last) : last, width - 1);
  const range = high === low ? 0.001 : high - low;
  return {
    frequencies: [
      `slowed = min(max((positions(WIDTH / 2) - ${numberText(low)}) / ${numberText(range)}, 0), 1)`,
      `return slowed * plain / ${numberText(factor)} + (1 - slowed) * plain`,
    ],
    factor: yarnFactor(scaling, factor),
  };
}

/** Of queries and keys; their product grows with its square. */
function yarnFactor(scaling: Config, factor: number): number {
  const given = scaling.number('attention_factor', 0);
  if (given > 0) return given;
  const growth = (scale: number) => (factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1);
  const [mscale, all] = [scaling.number('mscale', 0), scaling.number('mscale_all_dim', 0)];
  return mscale > 0 && all > 0 ? growth(mscale) / growth(all) : growth(1);
}

/** A divisor for every pair: one list up to the trained length, another beyond it (Ding et al. 2024). */
function longRope(config: Config, scaling: Config, longest: number) {
  const short = scaling.numbers('short_factor') ?? [];
  const long = scaling.numbers('long_factor') ?? [];
  const before = config.number('original_max_position_embeddings', longest);
  const trained = scaling.number('original_max_position_embeddings', before);
  const stretch = scaling.number('factor', longest / trained);
  const usual = stretch <= 1 ? 1 : Math.sqrt(1 + Math.log(stretch) / Math.log(trained));
  const list = (values: readonly number[]) => `[${values.map(numberText).join(', ')}]`;
  return {
    frequencies: [
      `if N > ${numberText(trained)} {`,
      `  divisors = ${list(long)}`,
      '} else {',
      `  divisors = ${list(short)}`,
      '}',
      'return plain / divisors[positions(WIDTH / 2)]',
    ],
    factor: scaling.number('attention_factor', usual),
  };
}
