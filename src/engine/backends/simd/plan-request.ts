/** What a plan is made of, and where the values come from that a run is given. */
import type { NodeId } from '../../../graph/index.ts';
import type { Variant } from '../../../kernels/index.ts';
import type { HalfValues } from '../../feed.ts';
import type { Arena, Buffer } from './arena.ts';
import type { Fusion } from './fusion.ts';
import type { GivenValues } from './given-values.ts';
import type { LoweredGraph } from './lowered.ts';
import type { Packing, Place } from './plan.ts';

export interface PlanRequest {
  readonly lowered: LoweredGraph;
  readonly fusion: Fusion;
  /** What must be in memory at the end. */
  readonly targets: Iterable<NodeId>;
  /** Values that are in memory already. */
  readonly known: (id: NodeId) => Place | undefined;
  readonly given: GivenSource;
  readonly variant: Variant;
  /** Weights of 16 bits stay so in memory, and each run widens them when it comes to them. */
  readonly keepsHalves: boolean;
}

/** Where the numbers of inputs, parameters and constants come from, and where in memory they are. */
export interface GivenSource {
  readonly arena: Arena;
  readonly values: GivenValues;
  /** The same text for the same values. */
  readonly keyOf: (id: NodeId) => string;
  readonly fill: (id: NodeId, buffer: Buffer) => void;
  /** How the values are stored where that is in 16 bits. */
  readonly halfOf: (id: NodeId) => HalfValues | undefined;
  readonly writeBits: (bits: Uint16Array, buffer: Buffer) => void;
  readonly write: (values: Float32Array, buffer: Buffer) => void;
  readonly pack: (id: NodeId, packing: Packing, target: Buffer) => void;
}
