/** The graph as the planner sees it: forms in place of operators, and what is known before the run. */
import type { Graph, Node, NodeId, OperatorNode } from '../../../graph/index.ts';
import { countOf, type Form, type OperandName } from '../../../ops/index.ts';
import { nodeCall } from '../../node-call.ts';

/** Longer results of constants are computed by the run. */
const longestFolded = 2 ** 16;

export interface LoweredGraph {
  readonly graph: Graph;
  readonly nodes: readonly LoweredNode[];
  /** The operators that read each node's value. */
  readonly uses: readonly (readonly NodeId[])[];
}

export type LoweredNode =
  | { readonly kind: 'given'; readonly node: Exclude<Node, OperatorNode> }
  /** Computed already: its operands are all part of the program. */
  | { readonly kind: 'constant'; readonly node: Node; readonly data: Float64Array }
  | { readonly kind: 'form'; readonly node: OperatorNode; readonly form: Form }
  | { readonly kind: 'reference'; readonly node: OperatorNode };

export function lower(graph: Graph): LoweredGraph {
  const nodes: LoweredNode[] = [];
  const uses: NodeId[][] = graph.nodes.map(() => []);
  for (const node of graph.nodes) {
    nodes.push(lowerNode(node, nodes));
    if (node.kind !== 'operator') continue;
    for (const { node: id } of node.operands) uses[id]?.push(node.id);
  }
  return { graph, nodes, uses };
}

function lowerNode(node: Node, nodes: readonly LoweredNode[]): LoweredNode {
  if (node.kind === 'constant') return { kind: 'constant', node, data: node.data };
  if (node.kind !== 'operator') return { kind: 'given', node };
  const known = (id: NodeId) => {
    const lowered = nodes[id];
    return lowered?.kind === 'constant' ? lowered.data : undefined;
  };
  const shapeOf = (id: NodeId) => nodes[id]?.node.shape ?? [];
  const foldable =
    countOf(node.shape) <= longestFolded &&
    node.operands.every(({ node: id }) => known(id) !== undefined);
  if (foldable) {
    const call = nodeCall(node, (id) => ({
      shape: shapeOf(id),
      data: known(id) ?? new Float64Array(),
    }));
    return { kind: 'constant', node, data: node.op.reference(call) };
  }
  const form = node.op.form?.(
    nodeCall(node, (id) => ({ shape: shapeOf(id), constant: known(id) })),
  );
  return form === undefined ? { kind: 'reference', node } : { kind: 'form', node, form };
}

/** The node that an operand of a form stands for. */
export function operandOf(node: OperatorNode, { operand, part = 0 }: OperandName): NodeId {
  const found = node.operands.filter(({ name }) => name === operand)[part];
  if (found === undefined) throw new Error(`${node.op.name} has no operand '${operand}'.`);
  return found.node;
}
