import type { Axis, ResidualStream, SourceRange, StreamStep, Trace } from '../trace/index.ts';
import { streamSizes } from './residual-stream.ts';
import { operationOf } from './structure.ts';
import { clampIndex } from './tensor-matrix.ts';

/** A residual stream as a trunk: what comes in, and from below to above every branch and every norm on the trunk. */
export interface FlowView {
  readonly scope: string;
  /** The layers that the stream has, in order; empty where it has no repeats. */
  readonly layers: readonly number[];
  readonly layer: number | undefined;
  /** The state that comes in at the bottom. */
  readonly start: FlowState;
  readonly parts: readonly FlowPart[];
  /** Mean norms up to here are drawn; the largest of the whole stream, so that layers compare. */
  readonly largest: number;
}

/** A value of the stream. */
export interface FlowState {
  readonly path: string;
  readonly label: string;
  readonly axes: readonly Axis[];
  /** Mean over the tokens of its Euclidean norm. */
  readonly norm: number;
  readonly source: SourceRange;
  readonly step: number;
}

export type FlowPart =
  | { readonly kind: 'norm'; readonly name: string; readonly state: FlowState }
  | { readonly kind: 'branch'; readonly branch: FlowBranch; readonly state: FlowState };

/** What reads the stream and writes into it. */
export interface FlowBranch {
  readonly name: string;
  /** The call, or the statement where it is none: `blocks.0.attn`. */
  readonly scope: string;
  /** What was added. */
  readonly path: string;
  readonly does: 'attention' | 'feed-forward' | 'other';
  readonly heads: number | undefined;
  /** Index of the step that it reads; undefined where it does not read this stream. */
  readonly reads: number | undefined;
  /** The norm between the stream and the sublayer. */
  readonly norm: { readonly name: string; readonly path: string } | undefined;
  readonly axes: readonly Axis[];
  /** Mean over the tokens of the norm of what it writes. */
  readonly size: number;
  readonly equations: readonly FlowEquation[];
  readonly source: SourceRange;
}

export interface FlowEquation {
  readonly text: string;
  readonly shape: string;
  readonly path: string | undefined;
  readonly source: SourceRange;
}

/** The flow of one layer, or of all where `layer` is absent. Undefined where the trace has no stream. */
export async function flowView(
  trace: Trace,
  asked: { readonly stream: number; readonly layer?: number },
): Promise<FlowView | undefined> {
  const index = clampIndex(asked.stream, trace.streams.length);
  const stream = trace.streams[index];
  const sizes = await streamSizes(trace, index);
  if (stream === undefined || sizes === undefined) return undefined;
  const layers = [...new Set(stream.steps.flatMap(({ layer }) => layer ?? []))];
  const layer = layers.find((each) => each === asked.layer);
  const [from, to] = spanOf(stream, layer, layers);
  const finder = new BranchFinder(trace, stream);
  const stateOf = (step: number): FlowState => {
    const { path = '', hook } = stream.steps[step] ?? {};
    const { axes, source } = infoOf(trace, path);
    return {
      path,
      label: hook ?? lastName(path),
      axes,
      source,
      norm: sizes[step]?.norm ?? 0,
      step,
    };
  };
  const parts = stream.steps.slice(from + 1, to + 1).flatMap((step, i): readonly FlowPart[] => {
    const at = from + 1 + i;
    const state = stateOf(at);
    if (step.write === undefined) return [{ kind: 'norm', name: lastName(step.path), state }];
    const size = sizes[at]?.writeNorm ?? Number.NaN;
    return [{ kind: 'branch', branch: finder.branch(step, at, size), state }];
  });
  const all = sizes.flatMap(({ norm, writeNorm }) => [norm, writeNorm ?? 0]);
  const largest = Math.max(0, ...all.filter(Number.isFinite));
  return { scope: stream.scope, layers, layer, start: stateOf(from), parts, largest };
}

/** The steps to draw: the layer's own with the state before it; what follows the last layer belongs to it. */
function spanOf(
  { steps }: ResidualStream,
  layer: number | undefined,
  layers: readonly number[],
): readonly [number, number] {
  if (layer === undefined) return [0, steps.length - 1];
  const first = steps.findIndex((step) => step.layer === layer);
  const last = steps.findLastIndex((step) => step.layer === layer);
  return [
    Math.max(0, first - (first === 0 ? 0 : 1)),
    layer === layers.at(-1) ? steps.length - 1 : last,
  ];
}

/** Finds on the operations what lies between a state of the stream and a write. */
class BranchFinder {
  readonly #trace: Trace;
  /** The stream's own shape. */
  readonly #lengths: string;
  /** Step by operation. */
  readonly #states: ReadonlyMap<number, number>;

  constructor(trace: Trace, stream: ResidualStream) {
    this.#trace = trace;
    this.#lengths = lengthsOf(infoOf(trace, stream.steps[0]?.path ?? '').axes);
    this.#states = new Map(
      stream.steps.flatMap(({ path }, step) => {
        const index = operationOf(trace, path);
        return index === undefined ? [] : [[index, step] as const];
      }),
    );
  }

  branch(step: StreamStep, at: number, size: number): FlowBranch {
    const path = step.write ?? '';
    const { axes } = infoOf(this.#trace, path);
    const end = operationOf(this.#trace, path);
    const region = end === undefined ? new Set<number>() : this.#region(end);
    const read = [...region].flatMap((index) => this.#states.get(index) ?? []);
    const scope = scopeOf(path, step.path);
    const norm = this.#normIn(region);
    const pattern = this.#trace.patterns.find((each) => region.has(this.#index(each.path)));
    return {
      name: lastName(scope),
      scope,
      path,
      does:
        pattern !== undefined ? 'attention' : this.#multiplies(region) ? 'feed-forward' : 'other',
      heads: pattern?.heads,
      reads: read.length === 0 ? undefined : Math.max(...read.filter((each) => each < at)),
      norm,
      axes,
      size,
      equations: this.#equations(region, norm),
      // The statement that writes, in the block itself: what it calls may lie in another file.
      source: infoOf(this.#trace, step.path).source,
    };
  }

  #index(path: string): number {
    return operationOf(this.#trace, path) ?? -1;
  }

  /** What a write was made from, back to the states of the stream; those are the ends. */
  #region(end: number): Set<number> {
    const found = new Set<number>();
    const stack = [end];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      if (found.has(top)) continue;
      found.add(top);
      if (this.#states.has(top)) continue;
      stack.push(...(this.#trace.operations[top]?.operands ?? []));
    }
    return found;
  }

  #multiplies(region: ReadonlySet<number>): boolean {
    return [...region].some((index) => this.#trace.operations[index]?.role === 'matrix product');
  }

  /** The last named value of a branch that is a state rescaled by a statistic of it, before any matrix product. */
  #normIn(region: ReadonlySet<number>): FlowBranch['norm'] {
    const norms = [...region].filter((index) => {
      const operation = this.#trace.operations[index];
      if (operation?.path === undefined || this.#states.has(index)) return false;
      if (lengthsOf(operation.axes) !== this.#lengths) return false;
      const own = [...this.#region(index)].flatMap((each) => this.#trace.operations[each] ?? []);
      const inner = [...this.#region(index)].filter((each) => !this.#states.has(each));
      const roles = new Set(inner.map((each) => this.#trace.operations[each]?.role));
      return (
        own.length > inner.length &&
        roles.has('reduction') &&
        !roles.has('matrix product') &&
        !roles.has('softmax')
      );
    });
    const last = this.#trace.operations[Math.max(-1, ...norms)]?.path;
    return last === undefined ? undefined : { name: lastName(last), path: last };
  }

  /** The statements that made the sublayer's own values, in the order of the text; those of its norm are not. */
  #equations(region: ReadonlySet<number>, norm: FlowBranch['norm']): readonly FlowEquation[] {
    const before = norm === undefined ? new Set() : this.#region(this.#index(norm.path));
    const paths = new Set(
      [...region]
        .filter((index) => !this.#states.has(index) && !before.has(index))
        .map((index) => this.#trace.operations[index]?.path),
    );
    return this.#trace.statements.flatMap(({ text, symbolic, paths: made, source }) => {
      const path = made.find((each) => paths.delete(each));
      if (path === undefined || text.startsWith('param ')) return [];
      return [{ text, shape: symbolic, path, source }];
    });
  }
}

/** The call that made a write, or the write itself where its statement stands in the block. */
function scopeOf(write: string, state: string): string {
  const own = write.split('.');
  const block = state.split('.').length;
  return own.length > block ? own.slice(0, block).join('.') : write;
}

function lengthsOf(axes: readonly Axis[]): string {
  return axes.map(({ size }) => size).join('×');
}

function lastName(path: string): string {
  return (path.split('.').at(-1) ?? path).replace(/#\d+$/, '');
}

function infoOf(trace: Trace, path: string) {
  const info = trace.tensors.get(trace.aliases.get(path) ?? path);
  return {
    axes: info?.axes ?? [],
    source: info?.source ?? { uri: trace.program, start: 0, end: 0 },
  };
}
