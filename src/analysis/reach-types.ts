/** What the analysis of positions says of a value. */
import type { NodeId, Sketch } from '../graph/index.ts';
import type { HostTensor } from '../ops/index.ts';

/** What a value's entries at one index of `axis` read of the input: its own position + shift, or all up to it. */
export interface Term {
  readonly axis: number;
  readonly how: 'own' | 'up to';
  readonly shift: number;
}

/** How a value depends on the positions of one input. */
export interface Reach {
  readonly terms: readonly Term[];
  /** Some entries read every position, wherever they stand. */
  readonly all: boolean;
  /** Nothing can be said. */
  readonly unknown: boolean;
}

/** Entries with key > query + offset all have this value. */
export interface Above {
  /** Axes of the value. */
  readonly query: number;
  readonly key: number;
  readonly offset: number;
  readonly value: number;
}

/** What is known of the nodes before one. */
export interface Values {
  readonly sketch: Sketch;
  readonly id: NodeId;
  readonly reach: readonly Reach[];
  readonly above: readonly (Above | undefined)[];
  /** By node: values that no input and no parameter takes part in. */
  readonly constants: (id: NodeId) => HostTensor | 'too large' | undefined;
  /** Nodes that data takes part in. */
  readonly fed: ReadonlySet<NodeId>;
}
