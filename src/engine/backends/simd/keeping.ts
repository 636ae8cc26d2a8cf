/** Which values a run keeps: the residual stream and what is small first, and what the budget has room for. */
import type { NodeId } from '../../../graph/index.ts';
import { countOf } from '../../../ops/index.ts';
import type { Fusion } from './fusion.ts';
import type { LoweredGraph } from './lowered.ts';

export const bytesPerNumber = Float32Array.BYTES_PER_ELEMENT;

/**
 * Values that have a path and are computed, within `budget` bytes. What is left out is computed again, from the nearest
 * value that is kept, when somebody looks at it.
 */
export function keptNodes(
  { graph, nodes }: LoweredGraph,
  { absorbed }: Fusion,
  budget: number,
): ReadonlySet<NodeId> {
  const stream = new Set(
    graph.streams.flatMap(({ steps }) => steps.map(({ path }) => graph.values.get(path))),
  );
  const outputs = new Set(graph.outputs.map((path) => graph.values.get(path)));
  const candidates = nodes
    .filter(
      (lowered) =>
        (lowered.kind === 'reference' ||
          (lowered.kind === 'form' && lowered.form.kind !== 'view')) &&
        lowered.node.path !== undefined &&
        !absorbed.has(lowered.node.id),
    )
    .map(({ node }) => ({
      id: node.id,
      bytes: countOf(node.shape) * bytesPerNumber,
      first: stream.has(node.id) || outputs.has(node.id),
    }))
    .sort((a, b) => Number(b.first) - Number(a.first) || a.bytes - b.bytes);
  const kept = new Set<NodeId>();
  let total = 0;
  for (const { id, bytes, first } of candidates) {
    total += bytes;
    if (total > budget && !first) break;
    kept.add(id);
  }
  return kept;
}
