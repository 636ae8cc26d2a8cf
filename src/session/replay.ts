/** What a value would be if another were different: the operations between the two, computed again. */
import {
  type Execution,
  type Feed,
  type Feeds,
  feedOf,
  nodeCall,
  RunFault,
} from '../engine/index.ts';
import {
  axisAfterFlow,
  type Graph,
  type InputNode,
  type Node,
  type NodeId,
} from '../graph/index.ts';
import { type HostTensor, OpFault } from '../ops/index.ts';
import type { Trace } from '../trace/index.ts';

/** What a replay starts from, and what it may compute with. */
export interface Replayed {
  readonly graph: Graph;
  readonly feeds: Feeds;
  readonly read: Execution['read'];
  /** Runs a part of the graph as the run itself was run. */
  readonly rerun: (part: Graph, feeds: Feeds) => Promise<Execution>;
}

/** See `Trace.replay`. */
export function replayOf(run: Replayed): Trace['replay'] {
  const { graph } = run;
  const idOf = (path: string) => graph.values.get(graph.aliases.get(path) ?? path);
  return async (from, to, values, rows) => {
    const [start, end] = [idOf(from), idOf(to)];
    const first = start === undefined ? undefined : graph.nodes[start];
    if (first === undefined || end === undefined) return undefined;
    if (first.id === end) return values.slice();
    const between = nodesBetween(graph, first.id, end);
    if (between === undefined) return undefined;
    const part = new Part(run, first, rows);
    if (!part.goesRowByRow(between)) return undefined;
    // A rearrangement says in its attributes how many rows there are.
    const isFixed = between.some(({ op }) => op.role === 'rearrangement');
    try {
      return values instanceof Float64Array || isFixed
        ? await part.exactly(between, Float64Array.from(values))
        : await part.asTheRun(between, values);
    } catch (error) {
      // It names rows that are not there, as a patch does: it does not go row by row.
      if (error instanceof OpFault || error instanceof RunFault) return undefined;
      throw error;
    }
  };
}

type OperatorNode = Node & { readonly kind: 'operator' };

/** The operations after one node, with another number of rows. */
class Part {
  readonly #run: Replayed;
  readonly #first: Node;
  readonly #rows: number;
  /** Along which axis of a node the rows run. */
  readonly #axes = new Map<NodeId, number>();

  constructor(run: Replayed, first: Node, rows: number) {
    this.#run = run;
    this.#first = first;
    this.#rows = rows;
    if (first.shape.length > 1) this.#axes.set(first.id, first.shape.length - 2);
  }

  /**
   * Whether each row of the last is made from the same row of the first alone. What holds something else for every
   * token of the run, and what replaces one of them, has nothing for other rows.
   */
  goesRowByRow(between: readonly OperatorNode[]): boolean {
    const { graph } = this.#run;
    const tokens = this.#first.axes.at(-2);
    if (!this.#axes.has(this.#first.id)) return true;
    for (const node of between) {
      const axes = operandsOf(node).map((id) => this.#axes.get(id));
      const axis = axisAfterFlow(node, graph, axes);
      if (axis === undefined) return false;
      this.#axes.set(node.id, axis);
      const others = operandsOf(node).filter((id) => !this.#axes.has(id));
      const hasTokens = (id: NodeId) => graph.nodes[id]?.axes.includes(tokens ?? '') === true;
      if (others.some(hasTokens)) return false;
    }
    return true;
  }

  /** In float64, by the reference. */
  async exactly(
    between: readonly OperatorNode[],
    values: Float64Array,
  ): Promise<Float64Array | undefined> {
    const tensors = new Map<NodeId, HostTensor>([
      [this.#first.id, { shape: this.#shapeOf(this.#first), data: values }],
    ]);
    for (const node of between) {
      for (const id of operandsOf(node)) {
        const other = this.#run.graph.nodes[id];
        if (other === undefined || tensors.has(id)) continue;
        const data = Float64Array.from(await this.#run.read(id));
        tensors.set(id, { shape: other.shape, data });
      }
      const shape = this.#shapeOf(node);
      const data = compute({ ...node, shape }, tensors);
      if (data.length !== countOf(shape)) return undefined;
      tensors.set(node.id, { shape, data });
    }
    return tensors.get(between.at(-1)?.id ?? -1)?.data;
  }

  /** By the run's own backend, which has the weights at hand. */
  async asTheRun(
    between: readonly OperatorNode[],
    values: Float32Array,
  ): Promise<Float32Array | Float64Array> {
    const { graph, feeds, read, rerun } = this.#run;
    const nodes: Node[] = [];
    const given = new Map<NodeId, Feed>();
    const places = new Map<NodeId, NodeId>();
    const put = (node: Node, feed: Feed | undefined): NodeId => {
      const id = nodes.length;
      places.set(node.id, id);
      nodes.push({ ...node, id });
      if (feed !== undefined) given.set(id, feed);
      return id;
    };
    const own = new Set(between.map(({ id }) => id));
    const weights = new Weights(graph);
    const bring = async (id: NodeId): Promise<void> => {
      const node = graph.nodes[id];
      if (node === undefined || places.has(id)) return;
      if (node.kind !== 'operator') put(node, feeds.get(id));
      else if (own.has(id) || weights.isMadeOfThem(id)) {
        for (const operand of operandsOf(node)) await bring(operand);
        put(renumbered(node, this.#shapeOf(node), places), undefined);
      } else put(inputLike(node, node.shape), feedOf(await read(id)));
    };
    put(inputLike(this.#first, this.#shapeOf(this.#first)), feedOf(values));
    for (const { id } of between) await bring(id);
    const again = await rerun(partOf(nodes), given);
    try {
      return await again.read(nodes.length - 1);
    } finally {
      again.dispose();
    }
  }

  #shapeOf(node: Node): readonly number[] {
    const axis = this.#axes.get(node.id);
    return axis === undefined ? node.shape : node.shape.with(axis, this.#rows);
  }
}

/** What depends on parameters and constants alone. */
class Weights {
  readonly #graph: Graph;
  readonly #known = new Map<NodeId, boolean>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  isMadeOfThem(id: NodeId): boolean {
    const node = this.#graph.nodes[id];
    if (node === undefined || node.kind === 'input') return false;
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const found = operandsOf(node).every((operand) => this.isMadeOfThem(operand));
    this.#known.set(id, found);
    return found;
  }
}

function inputLike(node: Node, shape: readonly number[]): InputNode {
  const { id, path, axes, dtype, source, callers } = node;
  const name = path ?? '';
  return { kind: 'input', name, initial: undefined, id, path, shape, axes, dtype, source, callers };
}

function renumbered(
  node: OperatorNode,
  shape: readonly number[],
  places: ReadonlyMap<NodeId, NodeId>,
): OperatorNode {
  const operands = node.operands.map((operand) => ({
    ...operand,
    node: places.get(operand.node) ?? operand.node,
  }));
  return { ...node, shape, operands };
}

/** A graph of these nodes whose last one is wanted. */
function partOf(nodes: readonly Node[]): Graph {
  const last = nodes.length - 1;
  return {
    nodes,
    values: new Map([['', last]]),
    outputs: [''],
    parameters: nodes.filter((node) => node.kind === 'parameter'),
    inputs: nodes.filter((node) => node.kind === 'input'),
    sources: new Map(),
    aliases: new Map(),
    streams: [],
    patterns: [],
    statements: [],
    expectations: [],
    shapeExpectations: [],
    metrics: [],
  };
}

/** The operators that depend on the one and lead to the other, in order; undefined where none do. */
function nodesBetween(graph: Graph, from: NodeId, to: NodeId): readonly OperatorNode[] | undefined {
  const dependent = new Set([from]);
  for (const node of graph.nodes.slice(from + 1, to + 1)) {
    if (operandsOf(node).some((id) => dependent.has(id))) dependent.add(node.id);
  }
  if (!dependent.has(to)) return undefined;
  const needed = new Set<NodeId>([to]);
  const found: OperatorNode[] = [];
  for (let id = to; id > from; id--) {
    const node = graph.nodes[id];
    if (node?.kind !== 'operator' || !needed.has(id) || !dependent.has(id)) continue;
    found.unshift(node);
    for (const operand of operandsOf(node)) needed.add(operand);
  }
  return found;
}

function operandsOf(node: Node): readonly NodeId[] {
  return node.kind === 'operator' ? node.operands.map(({ node: id }) => id) : [];
}

function compute(node: OperatorNode, tensors: ReadonlyMap<NodeId, HostTensor>): Float64Array {
  return node.op.reference(
    nodeCall(node, (id) => {
      const tensor = tensors.get(id);
      if (tensor === undefined) throw new Error(`Node ${id} has no values.`);
      return tensor;
    }),
  );
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * size, 1);
}
