/** Values that a run starts from. */
import type { Node, OperatorNode } from '../graph/index.ts';
import type { Feeds } from './backend.ts';
import { elementCount } from './node-call.ts';

/** Row-major values of an input, a parameter or a constant. */
export function givenValues(node: Exclude<Node, OperatorNode>, feeds: Feeds): Float64Array {
  const data = node.kind === 'constant' ? node.data : feeds.get(node.id)?.data;
  if (data === undefined) {
    throw new Error(`No values were given for ${node.path ?? `node ${node.id}`}.`);
  }
  if (data.length !== elementCount(node.shape)) {
    throw new Error(
      `${node.path ?? `Node ${node.id}`} has shape [${node.shape.join(', ')}] and was given ${data.length} values.`,
    );
  }
  return data;
}
