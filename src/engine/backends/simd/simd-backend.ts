/** The CPU backend: SIMD kernels on worker threads, over one memory in which every value of a run lies. */
import { t } from '@vscode/l10n';
import type { Graph, NodeId } from '../../../graph/index.ts';
import type { Kernels } from '../../../kernels/index.ts';
import { countOf } from '../../../ops/index.ts';
import { type Backend, type Execution, MemoryShort, type RunControl } from '../../backend.ts';
import { contentKey, type Feeds } from '../../feed.ts';
import { nodeKeys } from '../../node-keys.ts';
import { fillGiven, givenValues } from '../../node-values.ts';
import { type Pace, startPace } from '../../pace.ts';
import { estimatedBytes } from './estimate.ts';
import { fuse, unfused } from './fusion.ts';
import { GivenValues } from './given-values.ts';
import { bytesPerNumber, keptNodes } from './keeping.ts';
import { KernelMemory } from './kernel-memory.ts';
import { type LoweredGraph, lower } from './lowered.ts';
import type { Place } from './plan.ts';
import type { GivenSource } from './plan-request.ts';
import { Planner } from './planner.ts';
import { Program } from './program.ts';

export interface SimdSettings {
  /** Bytes for the values that a run keeps to be looked at. */
  readonly memoryBudget: number;
}

/** @param kernels closed with the backend */
export function simdBackend(kernels: Kernels, settings: SimdSettings): Backend {
  const backend = new SimdBackend(kernels, settings);
  return {
    report: {
      ...{ name: 'cpu', description: describe(kernels) },
      largestValue: kernels.maximumBytes,
    },
    execute: (graph, feeds, control) => backend.execute(graph, feeds, control),
    estimate: (graph, budget = settings.memoryBudget) =>
      estimatedBytes(graph, kernels.variant, budget),
    close: () => kernels.close(),
  };
}

/** Bytes of weights that no run uses any more, kept for those who take an edit back. */
const mostIdle = 64 * 2 ** 20;

/** A program that somebody may still look at, or that is kept for the next run to take values from. */
interface Live {
  readonly program: Program;
  readonly lowered: LoweredGraph;
  /** What it was given the last time. */
  readonly given: { feeds: Feeds };
  keys: readonly string[] | undefined;
  /** Whether every value was computed by this program itself. */
  readonly complete: boolean;
  disposed: boolean;
}

class SimdBackend {
  readonly #memory: KernelMemory;
  readonly #given: GivenValues;
  readonly #budget: number;
  #live: Live[] = [];
  /** Runs and readings share the workers' scratch memory: one at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(kernels: Kernels, { memoryBudget }: SimdSettings) {
    this.#memory = new KernelMemory(kernels);
    this.#given = new GivenValues(this.#memory.arena);
    this.#budget = memoryBudget;
  }

  execute(graph: Graph, feeds: Feeds, control: RunControl): Promise<Execution> {
    return this.#inTurn(async () => {
      const pace = startPace(control, () => Promise.resolve());
      const budget = control.memoryBudget ?? this.#budget;
      const live = this.#again(graph, feeds) ?? this.#fresh(graph, feeds, budget);
      try {
        await live.program.run(control, pace);
      } catch (error) {
        this.#forget(live);
        throw error;
      }
      this.#live = this.#live.filter(
        (other) => !other.disposed || other === live || this.#drop(other),
      );
      this.#given.trim(mostIdle);
      control.progress(graph.nodes.length, graph.nodes.length, '');
      return {
        get timings() {
          return live.program.timings();
        },
        read: (id) => this.#inTurn(() => this.#read(live, id, pace)),
        dispose: () => {
          live.disposed = true;
        },
      };
    });
  }

  #inTurn<Result>(action: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(action);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** The same graph with other inputs, when nobody looks at the last run any more: nothing is planned anew. */
  #again(graph: Graph, feeds: Feeds): Live | undefined {
    const live = this.#live.find(
      ({ program, complete, disposed }) => disposed && complete && program.graph === graph,
    );
    if (live === undefined) return undefined;
    const changed = new Set<NodeId>();
    for (const [id, feed] of feeds) if (live.given.feeds.get(id)?.key !== feed.key) changed.add(id);
    const before = live.given.feeds;
    const renamed = live.program.plan.loads.every(({ node, keyFor }) => {
      if (!changed.has(node)) return true;
      const { shape } = graph.nodes[node] as { shape: readonly number[] };
      const [from, to] = [before.get(node), feeds.get(node)];
      return (
        from !== undefined &&
        to !== undefined &&
        this.#given.rename(keyFor(`${shape} ${from.key}`), keyFor(`${shape} ${to.key}`))
      );
    });
    if (!renamed) {
      this.#forget(live);
      return undefined;
    }
    live.given.feeds = feeds;
    live.keys = undefined;
    live.disposed = false;
    return live;
  }

  #fresh(graph: Graph, feeds: Feeds, most: number): Live {
    const lowered = lower(graph);
    const keys = this.#live.length > 0 ? nodeKeys(graph, feeds) : undefined;
    const known = keys === undefined ? new Map<NodeId, Place>() : this.#knownPlaces(keys);
    for (let budget = most; ; ) {
      try {
        return this.#planned(lowered, feeds, keys, known, { budget, most });
      } catch (error) {
        if (!(error instanceof MemoryShort)) throw error;
        if (this.#makeRoom()) known.clear();
        else if (budget === 0) throw error;
        else budget = budget > bytesPerNumber ? budget / 4 : 0;
      }
    }
  }

  /** What nobody looks at goes first, then the oldest run, whose values can be computed again; false where all are gone. */
  #makeRoom(): boolean {
    const idle = this.#live.filter(({ disposed }) => disposed);
    for (const other of idle) this.#forget(other);
    const oldest = this.#live.find(({ program }) => !program.isReleased);
    if (idle.length === 0) oldest?.program.release();
    return idle.length > 0 || oldest !== undefined;
  }

  #planned(
    lowered: LoweredGraph,
    feeds: Feeds,
    keys: readonly string[] | undefined,
    known: ReadonlyMap<NodeId, Place>,
    { budget, most }: { readonly budget: number; readonly most: number },
  ): Live {
    const { graph } = lowered;
    const fusion = fuse(lowered, new Set());
    const given = { feeds };
    const plan = new Planner({
      lowered,
      fusion,
      targets: keptNodes(lowered, fusion, budget),
      known: (id) => known.get(id),
      given: this.#sourceOf(lowered, given),
      variant: this.#memory.kernels.variant,
      keepsHalves: weightBytes(graph) > most,
    }).build();
    const program = new Program(graph, plan, this.#memory);
    const complete = known.size === 0;
    const live: Live = { program, lowered, given, keys, complete, disposed: false };
    this.#live.push(live);
    return live;
  }

  /** Values of earlier runs that are those of this one. */
  #knownPlaces(keys: readonly string[]): Map<NodeId, Place> {
    const places = new Map<string, Place>();
    for (const live of this.#live) {
      live.keys ??= nodeKeys(live.program.graph, live.given.feeds);
      for (const [id, place] of live.program.places) {
        places.set(live.keys[id] as string, place);
      }
    }
    const known = new Map<NodeId, Place>();
    for (const [id, key] of keys.entries()) {
      const place = places.get(key);
      if (place !== undefined) known.set(id, place);
    }
    return known;
  }

  #sourceOf({ graph, nodes }: LoweredGraph, given: { readonly feeds: Feeds }): GivenSource {
    const memory = this.#memory;
    const fill = (id: NodeId, target: Float32Array) => {
      const lowered = nodes[id];
      if (lowered?.kind === 'constant') target.set(lowered.data);
      else if (lowered?.kind === 'given') fillGiven(lowered.node, given.feeds, target);
      else throw new Error(`Node ${id} is computed, not given.`);
    };
    const lengthOf = (id: NodeId) => countOf(graph.nodes[id]?.shape ?? []);
    return {
      arena: memory.arena,
      values: this.#given,
      keyOf: (id) => {
        const lowered = nodes[id];
        const shape = `${graph.nodes[id]?.shape}`;
        if (lowered?.kind === 'constant') return `${shape} ${contentKey(lowered.data)}`;
        return `${shape} ${given.feeds.get(id)?.key}`;
      },
      fill: (id, buffer) => fill(id, memory.numbers(buffer, lengthOf(id))),
      halfOf: (id) => given.feeds.get(id)?.half,
      writeBits: (bits, buffer) => memory.bits(buffer, bits.length).set(bits),
      write: (values, buffer) => memory.numbers(buffer, values.length).set(values),
      pack: (id, packing, target) => {
        const whole = memory.arena.allocate(lengthOf(id) * bytesPerNumber);
        if (whole === undefined) throw new MemoryShort(t`There is no room to load a weight.`);
        try {
          memory.reserve();
          fill(id, memory.numbers(whole, lengthOf(id)));
          memory.pack(whole, packing, target);
        } finally {
          memory.arena.release(whole);
        }
      },
    };
  }

  async #read(live: Live, id: NodeId, pace: Pace): Promise<Float32Array | Float64Array> {
    const lowered = live.lowered.nodes[id];
    if (lowered?.kind === 'constant') return lowered.data;
    if (lowered?.kind === 'given') return givenValues(lowered.node, live.given.feeds);
    const place = live.program.places.get(id);
    return place === undefined ? this.#recomputed(live, id, pace) : this.#memory.valuesAt(place);
  }

  /** From the nearest values that are kept, and not kept itself. */
  async #recomputed(live: Live, id: NodeId, pace: Pace): Promise<Float32Array> {
    const { lowered, program } = live;
    const plan = new Planner({
      lowered,
      fusion: unfused(lowered),
      targets: [id],
      known: (node) => program.places.get(node),
      given: this.#sourceOf(lowered, live.given),
      variant: this.#memory.kernels.variant,
      keepsHalves: true,
    }).build();
    const part = new Program(program.graph, plan, this.#memory);
    try {
      await part.run({ signal: new AbortController().signal, progress: () => {} }, pace);
      return this.#memory.valuesAt(plan.places.get(id) as Place);
    } finally {
      part.release();
    }
  }

  #forget(live: Live): void {
    this.#live = this.#live.filter((other) => other !== live);
    live.program.release();
  }

  /** For a filter: releases and leaves out. */
  #drop(live: Live): boolean {
    live.program.release();
    return false;
  }
}

/** All of the graph's parameters, in 32 bits each. */
function weightBytes({ parameters }: Graph): number {
  return parameters.reduce((sum, { shape }) => sum + countOf(shape) * bytesPerNumber, 0);
}

/** `WebAssembly SIMD fma-6x16 on 2 threads`. */
function describe({ variant, threads }: Kernels): string {
  const workers = Math.max(1, threads);
  return workers === 1
    ? t`WebAssembly SIMD ${variant} on 1 thread`
    : t`WebAssembly SIMD ${variant} on ${workers} threads`;
}
