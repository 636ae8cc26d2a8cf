/** A program being written: dims, blocks, one model, its weight mapping and a run. */

export interface Mapping {
  readonly path: string;
  readonly tensor: string;
  /** Slices and `.T`, as they are written behind the name. */
  readonly steps: string;
}

export class Draft {
  readonly #dims: string[] = [];
  readonly #declared = new Set<string>();
  readonly #blocks: string[] = [];
  readonly #inputs: string[] = [];
  readonly #statements: string[] = [];
  readonly #mapping: Mapping[] = [];
  readonly #tensors: ReadonlyMap<string, unknown> | undefined;
  /** Lines of the run that feed the inputs. */
  readonly feeds: string[] = [];
  readonly expectations: string[] = [];
  /** Whether the model can go on by itself: its logits are those of the next token. */
  generates = false;

  /** The tensors of the checkpoint, where there is one. */
  constructor(tensors: ReadonlyMap<string, unknown> | undefined) {
    this.#tensors = tensors;
  }

  /** A dim without a value is free. */
  dim(name: string, value?: number | string, comment?: string): void {
    if (this.#declared.has(name)) return;
    this.#declared.add(name);
    const text = typeof value === 'number' ? numberText(value) : value;
    const entry = `  ${name}${text === undefined ? '' : ` = ${text}`}`;
    this.#dims.push(comment === undefined ? entry : `${entry.padEnd(28)} // ${comment}`);
  }

  /** The same text counts once. */
  block(text: string): void {
    if (!this.#blocks.includes(text.trim())) this.#blocks.push(text.trim());
  }

  input(line: string, feed?: string): void {
    this.#inputs.push(`input ${line}`);
    if (feed !== undefined) this.feeds.push(feed);
  }

  statement(...lines: readonly string[]): void {
    this.#statements.push(...lines);
  }

  map(path: string, tensor: string, steps = ''): void {
    this.#mapping.push({ path, tensor, steps });
  }

  /** Undefined where there is no checkpoint to look into. `*` stands for a number. */
  hasTensor(name: string): boolean | undefined {
    if (this.#tensors === undefined) return undefined;
    const pattern = namePattern(name);
    return [...this.#tensors.keys()].some((known) => pattern.test(known));
  }

  get mapping(): readonly Mapping[] {
    return this.#mapping;
  }

  /** Everything up to the mapping. */
  text(model: string, documentation: readonly string[]): string {
    const doc = documentation.map((line) => `/// ${line}`.trimEnd()).join('\n');
    const body = [...this.#inputs, ...this.#statements].map((line) => indented(line)).join('\n');
    return [
      `${doc}\ndims {\n${this.#dims.join('\n')}\n}`,
      ...this.#blocks,
      `model ${model} {\n${body}\n}`,
    ].join('\n\n');
  }
}

/** `a(b, c)`, over several lines where it is long. */
export function callText(name: string, args: readonly string[]): string {
  const line = `${name}(${args.join(', ')})`;
  if (line.length <= 84) return line;
  return `${name}(\n${args.map((arg) => `  ${arg}`).join(',\n')}\n)`;
}

/** `50_257`, `0.02`, `1e-5`. */
export function numberText(value: number): string {
  if (Number.isInteger(value)) {
    const digits = String(Math.abs(value));
    if (digits.length < 5 || digits.includes('e')) return String(value);
    return `${value < 0 ? '-' : ''}${digits.replace(/\B(?=(\d{3})+$)/g, '_')}`;
  }
  const size = Math.abs(value);
  return size < 1e-3 ? value.toExponential().replace('e+', 'e') : String(value);
}

export function namePattern(name: string): RegExp {
  const parts = name.split('*').map((part) => part.replace(/[.[\]()+?^$|\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('\\d+')}$`);
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');
}
