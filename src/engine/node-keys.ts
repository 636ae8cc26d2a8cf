/** Keys of a graph's values: the same key means the same values, in this run or an earlier one. */
import { createHash } from 'node:crypto';
import type { Graph, Node } from '../graph/index.ts';
import { contentKey, type Feeds } from './feed.ts';

/**
 * One key per node, made of the operator, its static arguments and the keys of its operands, and in the end of what the
 * run was given. Paths take no part: renaming a value does not change it.
 */
export function nodeKeys(graph: Graph, feeds: Feeds): readonly string[] {
  const keys: string[] = [];
  for (const node of graph.nodes) keys.push(keyOf(node, keys, feeds));
  return keys;
}

function keyOf(node: Node, keys: readonly string[], feeds: Feeds): string {
  switch (node.kind) {
    case 'constant':
      return `constant ${node.shape} ${contentKey(node.data)}`;
    case 'input':
    case 'parameter': {
      const feed = feeds.get(node.id);
      if (feed === undefined) throw new Error(`No values were given for ${node.path ?? node.id}.`);
      return `given ${node.shape} ${feed.key}`;
    }
    case 'operator': {
      const { op, output, attributes, rest, shape, operands } = node;
      const parts = operands.map(({ name, node: id }) => [name, keys[id]]);
      const content = JSON.stringify([op.name, output, attributes, rest, shape, parts], exactly);
      return createHash('sha256').update(content).digest('base64');
    }
  }
}

/** JSON has no infinities, no NaN and no -0. */
function exactly(_: string, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  return Number.isFinite(value) && !Object.is(value, -0) ? value : `number ${value} ${1 / value}`;
}
