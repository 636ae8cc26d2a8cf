/** Keys of a graph's values: the same key means the same values, in this run or an earlier one of this process. */
import type { Graph, Node } from '../graph/index.ts';
import { contentKey, type Feeds } from './feed.ts';

/** Contents that have been seen get a number, so that keys stay short however deep the graph is. */
let numbers = new Map<string, number>();
/** Those of a while ago: what is not met again is forgotten with them, and never gets its number back. */
let earlier = new Map<string, number>();
const mostContents = 2 ** 16;
let next = 0;

/**
 * One key per node, made of the operator, its static arguments and the keys of its operands, and in the end of what the
 * run was given. Paths take no part: renaming a value does not change it.
 */
export function nodeKeys(graph: Graph, feeds: Feeds): readonly string[] {
  if (numbers.size > mostContents) [earlier, numbers] = [numbers, new Map()];
  const keys: string[] = [];
  for (const node of graph.nodes) keys.push(numbered(contentOf(node, keys, feeds)));
  return keys;
}

function numbered(content: string): string {
  const number = numbers.get(content) ?? earlier.get(content) ?? next++;
  numbers.set(content, number);
  return `${number}`;
}

function contentOf(node: Node, keys: readonly string[], feeds: Feeds): string {
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
      const read = operands.map(({ name, node: id }) => `${name} ${keys[id]}`);
      const set = JSON.stringify([attributes, rest], exactly);
      return `${op.name} ${output ?? ''} ${shape} ${read} ${set}`;
    }
  }
}

/** JSON has no infinities, no NaN and no -0. */
function exactly(_: string, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  return Number.isFinite(value) && !Object.is(value, -0) ? value : `number ${value} ${1 / value}`;
}
