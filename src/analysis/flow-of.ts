/** The flow of an operator of a sketch. */
import type { Sketch, SketchNode } from '../graph/index.ts';
import type { Flow } from '../ops/index.ts';

/** Undefined for what is no operator, and where its record says nothing. */
export function flowOf({ nodes }: Sketch, { node, shape }: SketchNode): Flow | undefined {
  if (node.kind !== 'operator') return undefined;
  const operands = node.operands.map((operand) => {
    const made = nodes[operand.node] as SketchNode;
    return { name: operand.name, shape: made.shape, numbers: made.node.shape };
  });
  const flow = node.op.flow?.({
    operands,
    attribute: (name) => node.attributes[name] ?? null,
    result: shape,
    output: node.output,
    length: (of, axis) => {
      const numbers =
        of === shape ? node.shape : operands.find((each) => each.shape === of)?.numbers;
      return numbers?.at(axis) ?? Number.NaN;
    },
  });
  // Operators without operands, such as positions, have no labels to tell.
  return flow === undefined || flow.operands.length === operands.length ? flow : undefined;
}
