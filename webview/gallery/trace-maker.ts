import type {
  AttentionPattern,
  Axis,
  Operation,
  OperationRole,
  StreamStep,
  TensorInfo,
  TensorRole,
  TensorValues,
} from '../../src/trace/index.ts';
import { sourceOf } from './fake-program.ts';

/** How a made-up value came to be. */
interface Origin {
  readonly role?: TensorRole;
  readonly dtype?: 'f32' | 'int';
  readonly operator?: string;
  readonly means?: OperationRole;
  readonly operands?: readonly number[];
}

interface HeadSize {
  readonly heads: number;
  readonly tokens: number;
  readonly width: number;
}

/** Collects the tensors and operations of a made-up run; every value is known by its index. */
export class TraceMaker {
  readonly values = new Map<string, TensorValues>();
  readonly operations: Operation[] = [];
  readonly data: Float32Array[] = [];
  readonly steps: StreamStep[] = [];
  readonly patterns: AttentionPattern[] = [];
  /** About normal, the same every time. */
  readonly random: () => number;

  constructor(seed: number) {
    this.random = randomNumbers(seed);
  }

  get tensors(): ReadonlyMap<string, TensorInfo> {
    return new Map([...this.values].map(([path, { info }]) => [path, info]));
  }

  read(path: string): TensorValues | undefined {
    return this.values.get(path);
  }

  pathOf(index: number): string | undefined {
    return this.operations[index]?.path;
  }

  put(
    path: string | undefined,
    axes: readonly Axis[],
    values: ArrayLike<number>,
    origin: Origin = {},
  ): number {
    const data = Float32Array.from(values);
    const { role = 'intermediate', dtype = 'f32', operator = '', operands = [] } = origin;
    const kind = role === 'input' || role === 'parameter' ? role : 'operator';
    this.operations.push({ path, kind, operator, role: origin.means, axes, operands });
    this.data.push(data);
    if (path !== undefined) {
      const source = sourceOf(path.replace(/^blocks\.\d+\./, ''));
      const info: TensorInfo = { path, axes, dtype, role, operator, source, callers: [] };
      this.values.set(path, { info, data });
    }
    return this.operations.length - 1;
  }

  /** Small numbers, larger in every thirteenth dimension, as models have it. */
  noise(path: string, axes: readonly Axis[], spread: number, origin: Origin = {}): number {
    const width = axes.at(-1)?.size ?? 1;
    const count = axes.reduce((product, { size }) => product * size, 1);
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      values[i] = spread * this.random() * (1 + 2 * Number((i % width) % 13 === 5));
    }
    return this.put(path, axes, values, origin);
  }

  step(
    index: number,
    kind: StreamStep['kind'],
    write: string | undefined,
    hook: string | undefined,
    layer: number | undefined,
  ): void {
    this.steps.push({ path: this.pathOf(index) ?? '', kind, write, hook, layer });
  }

  /** scores = q·kᵀ / √width, masked, and their softmax. */
  attend(at: string, from: HeadSize & { readonly q: number; readonly k: number }): number {
    const { heads, tokens, width } = from;
    const [q, k] = [this.data[from.q] ?? [], this.data[from.k] ?? []];
    const axes = [axis('h', heads), axis('N', tokens), axis('N', tokens)];
    const flipped = new Float32Array(k.length);
    const raw = new Float32Array(heads * tokens * tokens);
    for (let row = 0; row < heads * tokens; row++) {
      const head = Math.floor(row / tokens);
      for (let i = 0; i < width; i++) {
        flipped[(head * width + i) * tokens + (row % tokens)] = k[row * width + i] ?? 0;
      }
      for (let key = 0; key < tokens; key++) {
        let sum = 0;
        const other = (head * tokens + key) * width;
        for (let i = 0; i < width; i++) sum += (q[row * width + i] ?? 0) * (k[other + i] ?? 0);
        raw[row * tokens + key] = sum;
      }
    }
    const turned = [axis('h', heads), axis('d / h', width), axis('N', tokens)];
    const kT = this.put(undefined, turned, flipped, { operator: 'transpose', operands: [from.k] });
    const products = this.put(undefined, axes, raw, {
      operator: 'matmul',
      means: 'matrix product',
      operands: [from.q, kT],
    });
    const scaled = raw.map((each) => each / Math.sqrt(width));
    const scores = this.put(`${at}.scores#0`, axes, scaled, {
      operator: 'divide',
      operands: [products],
    });
    const masked = scaled.map((each, i) =>
      i % tokens > Math.floor(i / tokens) % tokens ? Number.NEGATIVE_INFINITY : each,
    );
    const last = this.put(`${at}.scores`, axes, masked, {
      operator: 'causal_mask',
      operands: [scores],
    });
    return this.put(`${at}.pattern`, axes, softmaxOf(masked, tokens), {
      operator: 'softmax',
      means: 'softmax',
      operands: [last],
    });
  }

  /** Each head's pattern times its values. */
  product(
    path: string,
    axes: readonly Axis[],
    left: number,
    right: number,
    size: HeadSize,
  ): number {
    const { heads, tokens, width } = size;
    const [a, b] = [this.data[left] ?? [], this.data[right] ?? []];
    const values = new Float32Array(heads * tokens * width);
    for (let row = 0; row < heads * tokens; row++) {
      const start = Math.floor(row / tokens) * tokens;
      for (let key = 0; key < tokens; key++) {
        const weight = a[row * tokens + key] ?? 0;
        if (weight === 0) continue;
        for (let i = 0; i < width; i++) {
          const at = row * width + i;
          values[at] = (values[at] ?? 0) + weight * (b[(start + key) * width + i] ?? 0);
        }
      }
    }
    const means = 'matrix product';
    return this.put(path, axes, values, { operator: 'matmul', means, operands: [left, right] });
  }
}

function axis(name: string, size: number): Axis {
  return { name, size };
}

/** Row by row. */
function softmaxOf(scores: Float32Array, width: number): Float32Array {
  const result = scores.map(Math.exp);
  for (let start = 0; start < result.length; start += width) {
    const row = result.subarray(start, start + width);
    const sum = row.reduce((total, each) => total + each, 0);
    for (const [i, each] of row.entries()) row[i] = each / sum;
  }
  return result;
}

function randomNumbers(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return () => uniform() + uniform() + uniform() + uniform() - 2;
}
