/** Graphs put together by hand from a few records, as lowering would make them. */

import { type Feed, type Feeds, feedOf, type RunControl } from '../../src/engine/index.ts';
import type { Graph, InputNode, Node, NodeId, OperatorNode } from '../../src/graph/index.ts';
import type { AttributeValue, Op } from '../../src/ops/index.ts';

export interface SmallGraph {
  readonly graph: Graph;
  readonly feeds: Feeds;
}

/** What an operator takes besides tensors. */
interface StaticArguments {
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly rest?: OperatorNode['rest'] | undefined;
  readonly output?: string | undefined;
}

/** Adds nodes one by one; the last one is what tests look at. */
export class GraphBuilder {
  readonly #nodes: Node[] = [];
  readonly #feeds = new Map<NodeId, Feed>();

  input(name: string, shape: readonly number[], data: ArrayLike<number>): NodeId {
    const id = this.#nodes.length;
    this.#nodes.push({ ...base(id, name, shape), kind: 'input', name, initial: undefined });
    this.#feeds.set(id, feedOf(Float64Array.from(data)));
    return id;
  }

  apply(
    op: Op,
    operands: Readonly<Record<string, NodeId | readonly NodeId[]>>,
    shape: readonly number[],
    { attributes = {}, rest = [], output }: StaticArguments = {},
  ): NodeId {
    const id = this.#nodes.length;
    const node: OperatorNode = {
      ...base(id, `${op.name}#${id}`, shape),
      kind: 'operator',
      op,
      operands: Object.entries(operands).flatMap(([name, nodes]) =>
        [nodes].flat().map((operand) => ({ name, node: operand })),
      ),
      attributes,
      rest,
      output,
    };
    this.#nodes.push(node);
    return id;
  }

  build(): SmallGraph {
    const inputs = this.#nodes.filter((node): node is InputNode => node.kind === 'input');
    const graph: Graph = {
      nodes: [...this.#nodes],
      values: new Map(this.#nodes.map((node) => [node.path ?? String(node.id), node.id])),
      sources: new Map(),
      aliases: new Map(),
      parameters: [],
      inputs,
      outputs: [],
      streams: [],
      patterns: [],
      statements: [],
      expectations: [],
      shapeExpectations: [],
      metrics: [],
    };
    return { graph, feeds: new Map(this.#feeds) };
  }
}

/** A control that nobody stops. */
export function quietControl(): RunControl {
  return { signal: new AbortController().signal, progress: () => {} };
}

/** Values that look random and are the same each time. */
export function sampleValues(count: number, seed = 1): Float64Array {
  return Float64Array.from({ length: count }, (_, index) =>
    Math.fround(Math.sin(index * 12.9898 + seed * 78.233) * 2),
  );
}

function base(id: NodeId, path: string, shape: readonly number[]) {
  const source = { uri: 'file:///small.tblock', start: 0, end: 0 };
  return {
    id,
    path,
    shape,
    axes: shape.map(String),
    dtype: 'f32' as const,
    source,
    callers: [],
  };
}
