/** Whether a run fits, before it starts. */
import { totalmem } from 'node:os';
import { bytesComputed, bytesGiven, tooLarge as tooLargeFor } from '../analysis/index.ts';
import type { Graph } from '../graph/index.ts';
import type { Diagnostic } from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';

/** Undefined where it fits. */
export function tooLarge(graph: Graph, place: SourceRange): Diagnostic | undefined {
  const bytes = graph.nodes.reduce((sum, node) => {
    const count = node.shape.reduce((product, length) => product * length, 1);
    return sum + count * (node.kind === 'operator' ? bytesComputed : bytesGiven);
  }, 0);
  return tooLargeFor(bytes, { memory: totalmem() }, place);
}
