/** The graph of a program's first model, with everything in it given a length. */
import { analyze, buildRun } from '../../src/analysis/index.ts';
import type { Graph } from '../../src/graph/index.ts';
import { diskFiles } from '../../src/session/index.ts';

export function graphOfText(text: string): Graph {
  const analysis = analyze('file:///program.tblock', text, diskFiles());
  const { program, textOf, targets } = analysis;
  const files = { shapeOf: () => undefined, tokensOf: () => undefined };
  const built = buildRun({ program, textOf, files }, targets[0]?.name ?? '');
  if (built?.graph === undefined) throw new Error(JSON.stringify(built?.diagnostics));
  return built.graph;
}
