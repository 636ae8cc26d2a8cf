import type { Axis, Trace } from '../../src/trace/index.ts';
import type { CostedStatement } from '../../src/views/index.ts';
import { dims, expectations, generation, statements, sweep } from './fake-program.ts';
import { TraceMaker } from './trace-maker.ts';

/** The size of a made-up run, and where its block has its norms. */
export interface FakeSize {
  readonly layers: number;
  readonly heads: number;
  readonly tokens: number;
  readonly width: number;
  readonly form?: 'pre' | 'post' | 'parallel';
  /** Another seed gives other numbers, as an edit of the program would. */
  readonly seed?: number;
}

const vocabulary = 101;

/**
 * A trace of a decoder with made-up numbers, the same every time: a stream that grows by its writes, heads that look
 * at the token before, the first one, themselves or what followed their token earlier, scores masked with −∞, and one
 * tensor with every kind of cell.
 */
export function fakeTrace(size: FakeSize): Trace {
  const decoder = new Decoder(size);
  const { maker } = decoder;
  decoder.make();
  const { values, steps, patterns, operations } = maker;
  return {
    program: 'file:///gallery/decoder.tblock',
    run: size.form === 'post' ? 'post_norm' : 'story',
    model: 'Decoder',
    seed: size.seed ?? 42,
    backend: {
      name: 'cpu',
      description: 'gpu.js cpu',
      reason: 'No GPU adapter answered, so the processor was used.',
    },
    dims: dims(size),
    milliseconds: 41.7,
    timings: [],
    memory: { expected: 0, process: 0 },
    tensors: maker.tensors,
    aliases: new Map(),
    outputs: ['logits'],
    streams: [
      { scope: '', steps },
      { scope: 'blocks.0', steps: steps.slice(0, 3) },
    ],
    patterns,
    statements: statements(size).map(
      (row): CostedStatement => ({ ...row, paths: row.paths.filter((path) => values.has(path)) }),
    ),
    operations,
    madeBy: new Map(operations.map(({ path }, index) => [path ?? '', index])),
    expectations,
    sweep: sweep(size),
    generation,
    tokens: words(size.tokens),
    read: async (path) => maker.read(path),
    readOperation: async (index) => maker.data[index],
    replay: async (from, to, data, rows) => decoder.replay(from, to, data, rows),
  };
}

class Decoder {
  readonly maker: TraceMaker;
  readonly #size: FakeSize;
  readonly #stream: readonly Axis[];
  readonly #ids: readonly number[];
  #unembedding: Float32Array = new Float32Array();

  constructor(size: FakeSize) {
    this.maker = new TraceMaker(size.seed ?? 42);
    this.#size = size;
    this.#stream = [axis('N', size.tokens), axis('d', size.width)];
    this.#ids = Array.from({ length: size.tokens }, (_, i) => ((i % 12) * 37) % vocabulary);
  }

  make(): void {
    const { maker } = this;
    const { layers, tokens } = this.#size;
    const ids = maker.put('ids', [axis('N', tokens)], this.#ids, { role: 'input', dtype: 'int' });
    let last = maker.noise('blocks.0.x#0', this.#stream, 0.6, { operands: [ids] });
    maker.step(last, 'input', undefined, 'resid_pre', 0);
    for (let layer = 0; layer < layers; layer++) last = this.#layer(layer, last);
    if (this.#size.form !== 'post') last = this.#norm('norm', last, undefined);
    this.#logits(last);
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const probe = Array.from({ length: tokens * 8 }, (_, i) =>
      i % 11 < 3 ? (odd[i % 11] ?? 0) : maker.random(),
    );
    if (tokens > 1000) {
      const outliers = Array.from({ length: tokens * 200 }, (_, i) =>
        i === 5 ? 500 : i === 207 ? -300 : maker.random(),
      );
      maker.put('outliers', [axis('N', tokens), axis('d', 200)], outliers);
    }
    if (this.#size.width >= 768) maker.noise('square', [axis('m', 1024), axis('n', 1024)], 1);
    maker.put('probe', [axis('N', tokens), axis('d', 8)], probe);
  }

  /** The final norm and the unembedding, from any step of the stream. */
  replay(from: string, to: string, data: ArrayLike<number>, rows: number) {
    const final = this.maker.steps.at(-1)?.path;
    const { width } = this.#size;
    const normed = from === final ? data : normalise(data, width);
    if (to === final) return Float64Array.from(normed);
    if (to !== 'logits') return undefined;
    return Float64Array.from(product(normed, this.#unembedding, rows, width, vocabulary));
  }

  #logits(last: number): void {
    const { tokens, width } = this.#size;
    const weights = this.maker.noise('W_U', [axis('d', width), axis('V', vocabulary)], 0.5, {
      role: 'parameter',
    });
    this.#unembedding = this.maker.data[weights] ?? new Float32Array();
    const state = this.maker.data[last] ?? [];
    const logits = product(state, this.#unembedding, tokens, width, vocabulary);
    this.maker.put('logits', [axis('N', tokens), axis('V', vocabulary)], logits, {
      operator: 'matmul',
      means: 'matrix product',
      operands: [last, weights],
      role: 'output',
    });
  }

  #layer(layer: number, before: number): number {
    const at = `blocks.${layer}`;
    const { form = 'pre' } = this.#size;
    const first = form === 'post' ? before : this.#branchNorm(`${at}.ln_1`, before);
    const attended = this.#attention(layer, first);
    const middle = this.#write(`${at}.x#1`, before, attended, 'resid_mid', layer);
    const normed = form === 'post' ? this.#norm(`${at}.ln_1`, middle, layer) : middle;
    const second = form === 'pre' ? this.#branchNorm(`${at}.ln_2`, middle) : normed;
    const fed = this.#feedForward(layer, form === 'parallel' ? first : second);
    const after = this.#write(`${at}.x#2`, normed, fed, 'resid_post', layer);
    return form === 'post' ? this.#norm(`${at}.ln_2`, after, layer) : after;
  }

  #attention(layer: number, normed: number): number {
    const { heads, tokens, width } = this.#size;
    const { maker } = this;
    const at = `blocks.${layer}.attn`;
    const inner = axis('d / h', width / heads);
    const rows = [axis('h', heads), axis('N', tokens), inner];
    const weights = maker.noise(`${at}.W_Q`, [axis('d', width), axis('d', width)], 0.1, {
      role: 'parameter',
    });
    const features = this.#features(layer);
    const made = { operands: [normed, weights], means: 'matrix product' as const };
    const q = maker.put(`${at}.q`, rows, features.q, made);
    const k = maker.put(`${at}.k`, rows, features.k, made);
    const v = maker.noise(`${at}.v`, rows, 0.7, made);
    const pattern = maker.attend(at, { q, k, heads, tokens, width: width / heads });
    maker.patterns.push({ path: `${at}.pattern`, layer, scope: at, heads });
    const z = maker.product(`${at}.z`, rows, pattern, v, { heads, tokens, width: width / heads });
    const out = { operands: [z], operator: 'matmul', means: 'matrix product' as const };
    return maker.noise(`${at}.out`, this.#stream, 0.3 + 0.1 * layer, out);
  }

  #feedForward(layer: number, normed: number): number {
    const { tokens, width } = this.#size;
    const at = `blocks.${layer}.ffn`;
    const wide = [axis('N', tokens), axis('4·d', 4 * width)];
    const made = { operands: [normed], means: 'matrix product' as const };
    const hidden = this.maker.noise(`${at}.hidden`, wide, 0.5, made);
    const out = { operands: [hidden], operator: 'matmul', means: 'matrix product' as const };
    return this.maker.noise(`${at}.out`, this.#stream, 0.4 + 0.15 * layer, out);
  }

  #write(path: string, before: number, added: number, hook: string, layer: number): number {
    const [a, b] = [this.maker.data[before] ?? [], this.maker.data[added] ?? []];
    const sum = Float32Array.from(a, (value, i) => value + (b[i] ?? 0));
    const operands = { operands: [before, added], operator: 'add', means: 'addition' as const };
    const after = this.maker.put(path, this.#stream, sum, operands);
    this.maker.step(after, 'write', this.maker.pathOf(added), hook, layer);
    return after;
  }

  #norm(path: string, before: number, layer: number | undefined): number {
    const after = this.#branchNorm(path, before);
    this.maker.step(after, 'norm', undefined, undefined, layer);
    return after;
  }

  /** What a sublayer reads: normalised by a statistic of each row. */
  #branchNorm(path: string, before: number): number {
    const { tokens, width } = this.#size;
    const data = this.maker.data[before] ?? [];
    const statistic = this.maker.put(undefined, [axis('N', tokens)], new Float32Array(tokens), {
      operands: [before],
      operator: 'mean',
      means: 'reduction',
    });
    return this.maker.put(path, this.#stream, normalise(data, width), {
      operands: [before, statistic],
      operator: 'subtract',
    });
  }

  /** Queries and keys of heads that look at the token before, the first, themselves, or what followed their token. */
  #features(layer: number) {
    const { heads, tokens, width } = this.#size;
    const wide = width / heads;
    const q: number[] = [];
    const k: number[] = [];
    const reach = 5 / Math.sqrt(wide);
    for (let head = 0; head < heads; head++) {
      const kind = (head + 2 * layer + (head >> 2)) % 5;
      const strength = Math.sqrt(reach * (0.5 + ((head * 7 + layer * 3) % 10) / 8));
      for (let token = 0; token < tokens; token++) {
        const [own, seen] = this.#seen(kind, token);
        for (let i = 0; i < wide; i++) {
          q.push(strength * feature(own, i) + 0.2 * this.maker.random());
          k.push(strength * feature(seen, i) + 0.2 * this.maker.random());
        }
      }
    }
    return { q, k };
  }

  /** What a token looks for, and what it is found by. */
  #seen(kind: number, token: number): readonly [number, number] {
    const id = (index: number) => 1000 + (this.#ids[index] ?? 0);
    switch (kind) {
      case 0:
        return [token - 1, token];
      case 1:
        return [0, token];
      case 2:
        return [token, token];
      case 3:
        return [id(token), token === 0 ? 0 : id(token - 1)];
      default:
        return [Math.floor(token / 3), Math.floor(token / 2)];
    }
  }
}

/** Waves of several lengths: two places have a large product where they are the same. */
function feature(place: number, index: number): number {
  const wave = 1.9 / (1 + (index >> 1) * 0.7) + (place >= 1000 ? 1.3 : 0);
  return index % 2 === 0 ? Math.cos(wave * place) : Math.sin(wave * place);
}

function normalise(data: ArrayLike<number>, width: number): Float32Array {
  const result = Float32Array.from(data);
  for (let start = 0; start < result.length; start += width) {
    const row = result.subarray(start, start + width);
    const mean = row.reduce((sum, each) => sum + each, 0) / width;
    const variance = row.reduce((sum, each) => sum + (each - mean) ** 2, 0) / width;
    for (const [i, each] of row.entries()) row[i] = (each - mean) / Math.sqrt(variance + 1e-5);
  }
  return result;
}

function product(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  rows: number,
  inner: number,
  columns: number,
): Float32Array {
  const result = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < inner; i++) {
      const factor = a[row * inner + i] ?? 0;
      for (let column = 0; column < columns; column++) {
        const at = row * columns + column;
        result[at] = (result[at] ?? 0) + factor * (b[i * columns + column] ?? 0);
      }
    }
  }
  return result;
}

function axis(name: string, size: number): Axis {
  return { name, size };
}

function words(count: number): readonly string[] {
  const text = ['The', ' cat', ' sat', ' on', ' the', ' mat', ' and', ' then', ' it', ' slept'];
  const known = [...text, '.', '\n'];
  return Array.from({ length: count }, (_, index) => known[index % known.length] ?? '');
}
