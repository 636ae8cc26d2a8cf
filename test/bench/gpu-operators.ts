/** Every example of every operator on the GPU. */
import { openEngine } from '../../src/engine/index.ts';
import { operatorCases } from '../engine/operator-cases.ts';
import { quietControl } from '../engine/small-graphs.ts';
import { largestError, referenceValues } from '../engine/test-backends.ts';
import type { Row } from './table.ts';

export async function measureOperators(): Promise<{
  readonly rows: readonly Row[];
  /** In sentences. */
  readonly failures: readonly string[];
}> {
  const engine = openEngine({});
  const rows: Row[] = [];
  const failures: string[] = [];
  for (const { op, label, build } of operatorCases()) {
    const { graph, feeds } = build();
    const expected = await referenceValues({ graph, feeds });
    const run = await engine.runGraph(graph, feeds, 'gpu', quietControl());
    const error = largestError(await run.execution.read(graph.nodes.length - 1), expected);
    const [timing] = run.execution.timings;
    run.execution.dispose();
    if (run.report.name !== 'gpu') failures.push(`${label} ran elsewhere: ${run.report.reason}`);
    if (!(error <= op.tolerance)) failures.push(`${label} is ${error} off.`);
    rows.push({
      example: label,
      'compile ms': (timing?.compileMilliseconds ?? 0).toFixed(1),
      'GPU ms': (timing?.milliseconds ?? 0).toFixed(3),
      'largest error': error.toExponential(1),
      tolerance: op.tolerance.toExponential(0),
    });
  }
  await engine.close();
  return { rows, failures };
}
