/** What a value would be if another were different: the operations between the two, computed again by the reference. */
import { type Execution, nodeCall } from '../engine/index.ts';
import type { Graph, Node, NodeId } from '../graph/index.ts';
import { type HostTensor, OpFault } from '../ops/index.ts';
import type { Trace } from '../trace/index.ts';

/** See `Trace.replay`. */
export function replayOf(graph: Graph, execution: Execution): Trace['replay'] {
  const idOf = (path: string) => graph.values.get(graph.aliases.get(path) ?? path);
  return async (from, to, values, rows) => {
    const [start, end] = [idOf(from), idOf(to)];
    const first = start === undefined ? undefined : graph.nodes[start];
    if (first === undefined || end === undefined) return undefined;
    if (first.id === end) return Float64Array.from(values);
    const between = nodesBetween(graph, first.id, end);
    if (between === undefined) return undefined;
    const tokens = first.axes.at(-2);
    const shapeOf = (node: Node) =>
      node.shape.map((size, i) => (node.axes[i] === tokens ? rows : size));
    const tensors = new Map<NodeId, HostTensor>([
      [first.id, { shape: shapeOf(first), data: Float64Array.from(values) }],
    ]);
    for (const node of between) {
      for (const { node: operand } of node.operands) {
        const other = graph.nodes[operand];
        if (other === undefined || tensors.has(operand)) continue;
        // What holds something else for every token of the run has nothing for other rows.
        if (rows !== first.shape.at(-2) && other.axes.includes(tokens ?? '')) return undefined;
        tensors.set(operand, await given(execution, other));
      }
      const shape = shapeOf(node);
      const data = compute({ ...node, shape }, tensors);
      if (data === undefined || data.length !== countOf(shape)) return undefined;
      tensors.set(node.id, { shape, data });
    }
    return tensors.get(end)?.data;
  };
}

type OperatorNode = Node & { readonly kind: 'operator' };

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

async function given(execution: Execution, { id, shape }: Node): Promise<HostTensor> {
  return { shape, data: Float64Array.from(await execution.read(id)) };
}

/** Undefined where it names rows that are not there: it does not go row by row. */
function compute(
  node: OperatorNode,
  tensors: ReadonlyMap<NodeId, HostTensor>,
): Float64Array | undefined {
  const call = nodeCall(node, (id) => {
    const tensor = tensors.get(id);
    if (tensor === undefined) throw new Error(`Node ${id} has no values.`);
    return tensor;
  });
  try {
    return node.op.reference(call);
  } catch (error) {
    if (error instanceof OpFault) return undefined;
    throw error;
  }
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * size, 1);
}
