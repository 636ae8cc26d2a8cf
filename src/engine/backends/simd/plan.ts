/** What a run will do, decided before it starts: every place in memory, every instruction, in order. */
import type { Node, NodeId, OperatorNode } from '../../../graph/index.ts';
import type { Instruction } from '../../../kernels/index.ts';
import type { Buffer } from './arena.ts';
import type { Resident } from './given-values.ts';
import { bytesPerNumber } from './keeping.ts';
import type { Layout } from './layout.ts';
import type { LoweredGraph } from './lowered.ts';

/** Where a node's value is. */
export interface Place {
  readonly buffer: Buffer;
  readonly layout: Layout;
}

export interface Plan {
  /** What the run was given that is not in memory yet, in order. */
  readonly loads: readonly Load[];
  readonly steps: readonly Step[];
  /** Values that stay after the run; each holds its buffer. */
  readonly places: ReadonlyMap<NodeId, Place>;
  /** Everything that the plan holds besides, to be released with it. */
  readonly held: readonly Buffer[];
  /** Multiplications and additions of the matrix products, for the choice of threads. */
  readonly work: number;
}

/** Fills a place before the run, unless an earlier run did. */
export interface Load {
  readonly node: NodeId;
  readonly resident: Resident;
  /** What the resident is known by, when the node's values are known by `given`. */
  readonly keyFor: (given: string) => string;
  readonly fill: (target: Buffer) => void;
}

export type Step =
  | { readonly kind: 'tape'; readonly entries: readonly Entry[] }
  /** An operator that has no kernel here: its reference, on the host. */
  | {
      readonly kind: 'reference';
      readonly node: OperatorNode;
      readonly operands: Operands;
      readonly result: Place;
    }
  /** An operator's own check of values that kernels take for granted. */
  | { readonly kind: 'check'; readonly node: OperatorNode; readonly operands: Operands };

/** Dense places of the operands that are read. */
export type Operands = ReadonlyMap<NodeId, Place>;

export interface Entry {
  readonly instruction: Instruction;
  /** The node that it works for. */
  readonly node: NodeId;
  /** Whether all workers must be done before the next. */
  readonly barrier: boolean;
}

/** What those who write instructions see of the plan. */
export interface PlanWriter {
  readonly lowered: LoweredGraph;
  readonly node: (id: NodeId) => Node;
  /** Which node's buffer a value is in, and how; loads nothing. */
  readonly resolve: (id: NodeId) => Resolved;
  /** Where a value is; what the run was given is to be loaded then. */
  readonly place: (id: NodeId) => Place;
  /** Where a value's numbers lie side by side. */
  readonly densePlace: (id: NodeId) => Place;
  /** A place for the value of the node at hand; row-major unless said. */
  readonly result: (id: NodeId, layout?: Layout) => Place;
  /** A matrix that the run was given, arranged for the kernel. */
  readonly packed: (id: NodeId, root: NodeId, packing: Packing) => Buffer;
  /** Numbers that the kernels need and the graph does not have. */
  readonly table: (values: Float32Array, node: NodeId) => Buffer;
  /** @param work multiplications and additions, for the choice of threads */
  readonly write: (
    node: NodeId,
    reads: readonly Read[],
    writes: Buffer,
    instruction: Instruction,
    work?: number,
  ) => void;
}

/** Where a value lies: in the buffer of `root`, which may be another node. */
export interface Resolved {
  readonly root: NodeId;
  readonly layout: Layout;
}

/** A matrix within a tensor that the run was given. */
export interface Packing {
  readonly inner: number;
  readonly columns: number;
  readonly layout: Layout;
}

/** An instruction and the places that it touches. */
export interface WrittenEntry {
  readonly node: NodeId;
  readonly instruction: Instruction;
  readonly reads: readonly Read[];
  readonly writes: Buffer;
}

export interface Read {
  readonly buffer: Buffer;
  /** Whether row i of the result needs only row i of it, so that a worker reads what it wrote itself. */
  readonly byRow: boolean;
}

export function addressOf(buffer: Buffer, { base }: Layout): number {
  return buffer.address + base * bytesPerNumber;
}
