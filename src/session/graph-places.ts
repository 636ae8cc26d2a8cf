/** Where a graph's values are: under which paths, and in which text. */
import type { Graph } from '../graph/index.ts';

/** For every path the one that its value is stored under. */
export function ownPathsOf({ values, nodes }: Graph): ReadonlyMap<string, string> {
  return new Map([...values].map(([path, id]) => [path, nodes[id]?.path ?? path]));
}

/** The node's own place where it is in the file, else the call in the file that led to it. */
export function placeInFile(uri: string, node: Graph['nodes'][number] | undefined) {
  const places = node === undefined ? [] : [...node.callers, node.source];
  return places.findLast((place) => place.uri === uri);
}
