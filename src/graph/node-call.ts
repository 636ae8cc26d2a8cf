/** One operator node as the records see it. */
import type { AttributeValue, RunCall } from '../ops/index.ts';
import type { NodeId, OperatorNode } from './graph.ts';

/**
 * The call that a reference or a plan is given for a node.
 * @param tensorOf what the backend knows of an operand
 */
export function nodeCall<Tensor>(
  node: OperatorNode,
  tensorOf: (id: NodeId) => Tensor,
): RunCall<Tensor> {
  const all = (name: string) =>
    node.operands.filter((operand) => operand.name === name).map(({ node: id }) => tensorOf(id));
  const optional = (name: string) => all(name)[0];
  const attribute = (name: string): AttributeValue => {
    const value = node.attributes[name];
    if (value === undefined) throw new Error(`${node.op.name} has no attribute '${name}'.`);
    return value;
  };
  return {
    all,
    optional,
    attribute,
    input: (name) => {
      const tensor = optional(name);
      if (tensor === undefined) throw new Error(`${node.op.name} has no operand '${name}'.`);
      return tensor;
    },
    number: (name) => {
      const value = attribute(name);
      if (typeof value === 'number') return value;
      throw new Error(`Attribute '${name}' of ${node.op.name} is not a number.`);
    },
    text: (name) => {
      const value = attribute(name);
      if (typeof value === 'string') return value;
      throw new Error(`Attribute '${name}' of ${node.op.name} is not a text.`);
    },
    rest: node.rest,
    shape: node.shape,
    output: node.output,
  };
}
