/** What runs a graph. */
import type { Graph, NodeId } from '../graph/index.ts';
import type { BackendReport, Timing } from '../trace/index.ts';
import type { Feeds } from './feed.ts';

export interface Backend {
  readonly report: Omit<BackendReport, 'reason'>;
  /** Runs every node in order. Rejects with RunStopped, RunFault or, for a bug, anything else. */
  readonly execute: (graph: Graph, feeds: Feeds, control: RunControl) => Promise<Execution>;
  /** Bytes that a run of the graph takes at its peak, with what it keeps for looking at it. */
  readonly estimate: (graph: Graph, memoryBudget?: number) => number;
  /** Frees the device; the backend is not used afterwards. */
  readonly close: () => Promise<void>;
}

export interface RunControl {
  readonly signal: AbortSignal;
  /** Called between kernels. */
  readonly progress: (done: number, total: number, label: string) => void;
  /** In place of the engine's own: bytes for values that are kept. */
  readonly memoryBudget?: number | undefined;
}

/** The values of a run, kept until disposed; on a GPU they stay on the device until read. */
export interface Execution {
  readonly timings: readonly Timing[];
  /** Row-major values. */
  readonly read: (node: NodeId) => Promise<Float32Array | Float64Array>;
  readonly dispose: () => void;
}

/** The user ended the run. */
export class RunStopped extends Error {
  override readonly name = 'RunStopped';
}

/** The memory cannot hold the run, whatever is left out. */
export class MemoryShort extends Error {
  override readonly name = 'MemoryShort';
}

/** Values that only a run can know to be wrong, at a node. */
export class RunFault extends Error {
  override readonly name = 'RunFault';
  readonly node: NodeId;

  constructor(node: NodeId, message: string, options?: ErrorOptions) {
    super(message, options);
    this.node = node;
  }
}
