/** How much memory a run will take: the same plan, laid out in a memory that is not there. */
import type { Graph, NodeId } from '../../../graph/index.ts';
import type { Variant } from '../../../kernels/index.ts';
import { countOf } from '../../../ops/index.ts';
import { Arena } from './arena.ts';
import { fuse } from './fusion.ts';
import { GivenValues } from './given-values.ts';
import { bytesPerNumber, keptNodes } from './keeping.ts';
import { lower } from './lowered.ts';
import type { GivenSource } from './plan-request.ts';
import { Planner } from './planner.ts';

/** At the peak, when the largest weight is being arranged beside everything else. */
export function estimatedBytes(graph: Graph, variant: Variant, memoryBudget: number): number {
  const lowered = lower(graph);
  const fusion = fuse(lowered, new Set());
  let top = 0;
  const arena = new Arena((bytes) => {
    const start = top;
    top += bytes;
    return { start, end: top };
  });
  let largest = 0;
  const bytesOf = (id: NodeId) => countOf(graph.nodes[id]?.shape ?? []) * bytesPerNumber;
  const given = sourceOf(arena);
  const { loads } = new Planner({
    ...{ lowered, fusion, variant, given, keepsHalves: false },
    targets: keptNodes(lowered, fusion, memoryBudget),
    known: () => undefined,
  }).build();
  for (const { node, keyFor } of loads) {
    if (keyFor('').startsWith('packed')) largest = Math.max(largest, bytesOf(node));
  }
  return arena.peak + largest;
}

/** Nothing is loaded, so nothing is asked for. */
function sourceOf(arena: Arena): GivenSource {
  const nothing = () => {};
  return {
    arena,
    values: new GivenValues(arena),
    keyOf: (id) => `${id}`,
    fill: nothing,
    halfOf: () => undefined,
    writeBits: nothing,
    write: nothing,
    pack: nothing,
  };
}
