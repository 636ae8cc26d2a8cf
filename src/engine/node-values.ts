/** Values that a run starts from. */
import type { Graph, Node, OperatorNode } from '../graph/index.ts';
import type { Numbers } from '../ops/index.ts';
import { RunFault } from './backend.ts';
import { FeedFault, type Feeds } from './feed.ts';
import { elementCount } from './node-call.ts';

export type GivenNode = Exclude<Node, OperatorNode>;

/** Row-major values of an input, a parameter or a constant, exact. */
export function givenValues(node: GivenNode, feeds: Feeds): Float64Array {
  if (node.kind === 'constant') return node.data;
  const values = new Float64Array(elementCount(node.shape));
  fillGiven(node, feeds, values);
  return values;
}

/** The same, rounded to what holds them. */
export function fillGiven(node: GivenNode, feeds: Feeds, target: Numbers): void {
  if (node.kind === 'constant') {
    target.set(node.data);
    return;
  }
  const feed = feeds.get(node.id);
  if (feed === undefined) {
    throw new Error(`No values were given for ${node.path ?? `node ${node.id}`}.`);
  }
  try {
    feed.fill(target);
  } catch (error) {
    if (!(error instanceof FeedFault)) throw error;
    throw new RunFault(node.id, error.message, { cause: error });
  }
}

/** All values of a graph, of so many bytes each. */
export function valueBytes({ nodes }: Graph, bytes: number): number {
  return nodes.reduce((sum, { shape }) => sum + elementCount(shape) * bytes, 0);
}
