/** How positions of tokens travel through an operator without a form: read off its flow of indices. */
import { literalDim, literalOf, type Shape } from '../dims/index.ts';
import type { Flow } from '../ops/index.ts';
import type { Graph, OperatorNode } from './graph.ts';

/**
 * The axis of the result along which the positions run. `axes`: that of every operand, undefined where it depends on no
 * token. Undefined where an index of the result reads more than its own position.
 */
export function axisAfterFlow(
  node: OperatorNode,
  graph: Pick<Graph, 'nodes'>,
  axes: readonly (number | undefined)[],
): number | undefined {
  const flow = flowOf(node, graph);
  if (flow === undefined) return undefined;
  const { operands, result, mixed = [], running = [], lost = [], shifts = [] } = flow;
  const { picked, counted } = flow;
  const labels = axes.flatMap((axis, i) => (axis === undefined ? [] : [operands[i]?.[axis]]));
  const [label] = labels;
  if (label === undefined || labels.some((each) => each !== label)) return undefined;
  const elsewhere = [...mixed, ...running, ...lost, ...shifts.map((shift) => shift.label)];
  if (elsewhere.includes(label) || picked?.has(label) === true) return undefined;
  // The last position alone stands first, and last.
  if (counted?.get(label) === 'first') return undefined;
  const axis = result.indexOf(label);
  return axis < 0 ? undefined : axis;
}

function flowOf(node: OperatorNode, { nodes }: Pick<Graph, 'nodes'>): Flow | undefined {
  return node.op.flow?.({
    operands: node.operands.map(({ name, node: id }) => ({
      name,
      shape: shapeOf(nodes[id]?.shape ?? []),
    })),
    attribute: (name) => node.attributes[name] ?? null,
    result: shapeOf(node.shape),
    output: node.output,
    length: ({ axes }, axis) => literalOf(axes.at(axis) ?? literalDim(1)) ?? Number.NaN,
  });
}

function shapeOf(lengths: readonly number[]): Shape {
  return { lead: false, axes: lengths.map(literalDim) };
}
