/** A `config.json` as a family reads it: what is missing, what cannot be had and what nobody asked for are all kept. */
import { t } from '@vscode/l10n';

type Values = Readonly<Record<string, unknown>>;

/** What a configuration says about training, files and generating, none of which a program has. */
const besides = [
  /^(architectures|model_type|torch_dtype|dtype|transformers_version|_name_or_path|auto_map|tokenizer_(class|name)|tie_weights_)$/,
  /(dropout|_pdrop|drop_rate|_prob)$|^dropout|dropout_rate$/,
  /^(initializer_range|initializer_factor|init_std|init_device|gradient_checkpointing|use_cache|cache_implementation)$/,
  /(^|_)(bos|eos|pad|sep|cls|mask|image|decoder_start)_token_(id|index)$/,
  /^(summary_.*|task_specific_params|id2label|label2id|problem_type|finetuning_task|num_labels|prefix)$/,
  /^(output_(attentions|hidden_states|past|router_logits)|return_dict(_in_generate)?|torchscript|use_return_dict)$/,
  /^(router_aux_loss_coef|router_jitter_noise|pretraining_tp|slow_but_exact|keys_to_ignore_at_inference)$/,
  /^(attn_implementation|_attn_implementation.*|use_flash_attn|flash_attn|fused_dense|fused_dropout_add_ln|unsloth_.*)$/,
  /^(chunk_size_feed_forward|is_encoder_decoder|is_decoder|use_mems|n_ctx|gradient_.*|embedding_init_std)$/,
  /^(max_length|min_length|do_sample|temperature|top_k|top_p|num_beams|repetition_penalty|force_.*)$/,
];

export class Config {
  readonly #values: Values;
  readonly #where: string;
  readonly #read = new Set<string>();
  readonly #sections: Config[] = [];
  /** What cannot be written as a program: each one alone refuses the import. */
  readonly problems: string[];
  /** What the program leaves out or does otherwise, in sentences. */
  readonly notes: string[];

  constructor(values: Values, parent?: Config, where = '') {
    this.#values = values;
    this.#where = where;
    this.problems = parent?.problems ?? [];
    this.notes = parent?.notes ?? [];
  }

  /** The value of the first key that is there and not null. */
  value(...keys: readonly string[]): unknown {
    for (const key of keys) this.#read.add(key);
    return keys
      .map((key) => this.#values[key])
      .find((value) => value !== undefined && value !== null);
  }

  /** The first of several keys that is there; a problem where none is and nothing stands in for it. */
  number(keys: string | readonly string[], fallback?: number): number {
    const names = [keys].flat();
    const value = this.value(...names) ?? fallback;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    this.#misses(names, t`a number`, value);
    return 1;
  }

  /** Whether the key is there, null included. */
  has(key: string): boolean {
    return key in this.#values;
  }

  whole(keys: string | readonly string[], fallback?: number): number {
    const value = this.number(keys, fallback);
    if (Number.isSafeInteger(value) && value > 0) return value;
    this.#misses([keys].flat(), t`a whole number above 0`, value);
    return 1;
  }

  text(keys: string | readonly string[], fallback?: string): string {
    const names = [keys].flat();
    const value = this.value(...names) ?? fallback;
    if (typeof value === 'string') return value;
    this.#misses(names, t`a text`, value);
    return '';
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.value(key) ?? fallback;
    if (typeof value === 'boolean') return value;
    this.#misses([key], t`true or false`, value);
    return fallback;
  }

  numbers(key: string): readonly number[] | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((each) => typeof each === 'number')) return value;
    this.#misses([key], t`a list of numbers`, value);
    return undefined;
  }

  texts(key: string): readonly string[] | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
    this.#misses([key], t`a list of texts`, value);
    return undefined;
  }

  /** An object inside; the same one every time. */
  section(key: string): Config | undefined {
    const known = this.#sections.find((section) => section.#where === `${this.#where}${key}.`);
    if (known !== undefined) return known;
    const value = this.value(key);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const section = new Config({ ...value }, this, `${this.#where}${key}.`);
    this.#sections.push(section);
    return section;
  }

  /** Refuses the import where `present`, a sentence says what. */
  refuse(present: boolean, problem: string): void {
    if (present) this.problems.push(problem);
  }

  note(sentence: string): void {
    this.notes.push(sentence);
  }

  /** `sliding_window = 4096` for each value that nobody asked for and that can matter. */
  unread(): readonly string[] {
    const own = Object.entries(this.#values)
      .filter(([key, value]) => !this.#read.has(key) && matters(key, value))
      .map(([key, value]) => `${this.#where}${key} = ${short(value)}`);
    return [...own, ...this.#sections.flatMap((section) => section.unread())];
  }

  #misses(keys: readonly string[], wanted: string, value: unknown): void {
    const names = keys.map((key) => `${this.#where}${key}`).join(', ');
    this.problems.push(
      value === undefined
        ? t`config.json must have ${names} as ${wanted}, and it is not there.`
        : t`config.json must have ${names} as ${wanted}, and it is ${short(value)}.`,
    );
  }
}

function matters(key: string, value: unknown): boolean {
  if (value === null || value === false) return false;
  return !besides.some((pattern) => pattern.test(key));
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
