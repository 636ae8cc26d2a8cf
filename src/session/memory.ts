/** Whether a run fits, before it starts. */
import { totalmem } from 'node:os';
import { tooLarge as tooLargeFor } from '../analysis/index.ts';
import type { BackendWish, Engine, RunControl } from '../engine/index.ts';
import type { Graph } from '../graph/index.ts';
import type { Diagnostic } from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';

/** Undefined where it fits. */
export async function tooLarge(
  engine: Engine,
  graph: Graph,
  wish: BackendWish,
  control: Pick<RunControl, 'memoryBudget'>,
  place: SourceRange,
): Promise<Diagnostic | undefined> {
  const bytes = await engine.estimate(graph, wish, control);
  return tooLargeFor(bytes, { memory: totalmem() }, place);
}
