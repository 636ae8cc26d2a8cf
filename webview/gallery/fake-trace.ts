import type {
  Axis,
  StatementRow,
  StreamStep,
  TensorInfo,
  TensorRole,
  TensorValues,
  Trace,
} from '../../src/trace/index.ts';
import { dims, expectations, generation, sourceOf, statements, sweep } from './fake-program.ts';

/** The size of a made-up run. */
export interface FakeSize {
  readonly layers: number;
  readonly heads: number;
  readonly tokens: number;
  readonly width: number;
}

/**
 * A trace of a pre-norm decoder with made-up numbers, the same every time: a stream that grows by its writes, causal
 * patterns of several kinds, scores masked with −∞, and one tensor with every kind of cell.
 */
export function fakeTrace(size: FakeSize): Trace {
  const maker = new TraceMaker(size);
  maker.make();
  const { tensors, steps, patterns } = maker;
  return {
    program: 'file:///gallery/decoder.tblock',
    run: 'story',
    model: 'Decoder',
    seed: 42,
    backend: {
      name: 'cpu',
      description: 'gpu.js cpu',
      reason: 'No GPU adapter answered, so the processor was used.',
    },
    dims: dims(size),
    milliseconds: 41.7,
    timings: [],
    tensors: new Map([...tensors].map(([path, { info }]) => [path, info])),
    aliases: new Map(),
    outputs: ['logits'],
    streams: [
      { scope: '', steps },
      { scope: 'blocks.0', steps: steps.slice(0, 3) },
    ],
    patterns,
    statements: statements(size).map(
      (row): StatementRow => ({ ...row, paths: row.paths.filter((path) => tensors.has(path)) }),
    ),
    expectations,
    sweep: sweep(size),
    generation,
    tokens: words(size.tokens),
    read: async (path) => tensors.get(path),
  };
}

class TraceMaker {
  readonly tensors = new Map<string, TensorValues>();
  readonly steps: StreamStep[] = [];
  readonly patterns: { path: string; layer: number; scope: string; heads: number }[] = [];
  readonly #size: FakeSize;
  readonly #random = randomNumbers(42);

  constructor(size: FakeSize) {
    this.#size = size;
  }

  make(): void {
    const { layers, tokens, width } = this.#size;
    const stream: Axis[] = [axis('N', tokens), axis('d', width)];
    this.#put('ids', [axis('N', tokens)], (i) => (i * 37) % 101, 'input', 'int');
    let last = this.#noise('blocks.0.x#0', stream, 0.6);
    this.#step('blocks.0.x#0', 'input', undefined, 'resid_pre', 0);
    for (let layer = 0; layer < layers; layer++) last = this.#layer(layer, stream, last);
    const scale = Math.sqrt(width / last.reduce((sum, x) => sum + x * x, 0)) * Math.sqrt(tokens);
    this.#put('norm', stream, (i) => (last[i] ?? 0) * scale);
    this.#step('norm', 'norm', undefined, undefined, undefined);
    this.#noise('logits', [axis('N', tokens), axis('V', 101)], 2, 'output');
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    this.#put('probe', [axis('N', tokens), axis('d', 8)], (i) =>
      i % 11 < 3 ? (odd[i % 11] ?? 0) : this.#random(),
    );
  }

  #layer(layer: number, stream: readonly Axis[], before: Float32Array): Float32Array {
    const { heads, tokens, width } = this.#size;
    const at = `blocks.${layer}`;
    const maps = [axis('h', heads), axis('N', tokens), axis('N', tokens)];
    this.#noise(`${at}.attn.W_Q`, [axis('d', width), axis('d', width)], 0.1, 'parameter');
    const scores = this.#put(`${at}.attn.scores`, maps, (i) => this.#score(layer, i));
    this.#put(`${at}.attn.pattern`, maps, softmaxOf(scores, tokens));
    this.patterns.push({ path: `${at}.attn.pattern`, layer, scope: `${at}.attn`, heads });
    const attended = this.#noise(`${at}.attn.out`, stream, 0.3 + 0.1 * layer);
    const middle = this.#put(`${at}.x#1`, stream, (i) => (before[i] ?? 0) + (attended[i] ?? 0));
    this.#step(`${at}.x#1`, 'write', `${at}.attn.out`, 'resid_mid', layer);
    this.#noise(`${at}.ffn.hidden`, [axis('N', tokens), axis('4·d', 4 * width)], 0.5);
    const fed = this.#noise(`${at}.ffn.out`, stream, 0.4 + 0.15 * layer);
    const after = this.#put(`${at}.x#2`, stream, (i) => (middle[i] ?? 0) + (fed[i] ?? 0));
    this.#step(`${at}.x#2`, 'write', `${at}.ffn.out`, 'resid_post', layer);
    return after;
  }

  /** Heads look at the previous token, the first one, themselves, or a bit of everything. */
  #score(layer: number, index: number): number {
    const { tokens } = this.#size;
    const key = index % tokens;
    const query = Math.floor(index / tokens) % tokens;
    const head = Math.floor(index / tokens / tokens);
    if (key > query) return Number.NEGATIVE_INFINITY;
    const kinds = [query - 1, 0, query, Math.floor(query / 2)];
    const liked = kinds[(head + layer) % kinds.length] === key ? 3 : 0;
    return liked + 1.2 * this.#random() - 0.05 * (query - key);
  }

  #noise(path: string, axes: readonly Axis[], spread: number, role?: TensorRole): Float32Array {
    const width = axes.at(-1)?.size ?? 1;
    return this.#put(
      path,
      axes,
      (i) => spread * this.#random() * (1 + 2 * Number((i % width) % 13 === 5)),
      role,
    );
  }

  #put(
    path: string,
    axes: readonly Axis[],
    value: (index: number) => number,
    role: TensorRole = 'intermediate',
    dtype: 'f32' | 'int' = 'f32',
  ): Float32Array {
    const count = axes.reduce((product, { size }) => product * size, 1);
    const data = Float32Array.from({ length: count }, (_, index) => value(index));
    const source = sourceOf(path.replace(/^blocks\.\d+\./, ''));
    const info: TensorInfo = { path, axes, dtype, role, operator: '', source, callers: [] };
    this.tensors.set(path, { info, data });
    return data;
  }

  #step(
    path: string,
    kind: StreamStep['kind'],
    write: string | undefined,
    hook: string | undefined,
    layer: number | undefined,
  ): void {
    this.steps.push({ path, kind, write, hook, layer });
  }
}

function axis(name: string, size: number): Axis {
  return { name, size };
}

/** Row by row, as a function of the index. */
function softmaxOf(scores: Float32Array, width: number): (index: number) => number {
  const result = scores.map(Math.exp);
  for (let start = 0; start < result.length; start += width) {
    const row = result.subarray(start, start + width);
    const sum = row.reduce((total, each) => total + each, 0);
    for (const [i, each] of row.entries()) row[i] = each / sum;
  }
  return (index) => result[index] ?? 0;
}

/** About normal, the same every time. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return () => uniform() + uniform() + uniform() + uniform() - 2;
}

function words(count: number): readonly string[] {
  const text = ['The', ' cat', ' sat', ' on', ' the', ' mat', ' and', ' then', ' it', ' slept'];
  const known = [...text, '.', '\n'];
  return Array.from({ length: count }, (_, index) => known[index % known.length] ?? '');
}
