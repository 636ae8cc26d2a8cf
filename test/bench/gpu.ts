/**
 * Runs every example of every operator on the GPU of this machine and compares it with the float64 reference.
 * `npm run bench:gpu`; with `-- --software` a software adapter is taken where there is no
 * other. Exit status 1 where a difference is beyond the operator's tolerance or nothing ran on a GPU.
 */
import { openEngine } from '../../src/engine/index.ts';
import { operatorCases } from '../engine/operator-cases.ts';
import { quietControl } from '../engine/small-graphs.ts';
import { useSoftwareGpu } from '../engine/software-gpu.ts';
import { largestError, referenceValues } from '../engine/test-backends.ts';

if (process.argv.includes('--software')) await useSoftwareGpu();
const engine = openEngine({});
let failures = 0;
let adapter = '';
console.log('case                     max error  tolerance    first ms   again ms');
for (const { op, label, build } of operatorCases()) {
  const small = build();
  const expected = await referenceValues(small);
  // The first run compiles the kernels.
  const first = await engine.runGraph(small.graph, small.feeds, 'gpu', quietControl());
  first.execution.dispose();
  const again = await engine.runGraph(small.graph, small.feeds, 'gpu', quietControl());
  const error = largestError(await again.execution.read(small.graph.nodes.length - 1), expected);
  again.execution.dispose();
  adapter = again.report.description;
  const onGpu = again.report.name === 'gpu';
  const passed = onGpu && error <= op.tolerance;
  if (!passed) failures++;
  console.log(
    [
      label.padEnd(24),
      error.toExponential(1).padStart(9),
      op.tolerance.toExponential(0).padStart(10),
      first.milliseconds.toFixed(2).padStart(11),
      again.milliseconds.toFixed(2).padStart(10),
      passed ? '' : onGpu ? ' BEYOND TOLERANCE' : ` NOT ON THE GPU: ${again.report.reason}`,
    ].join(' '),
  );
}
console.log(`${adapter}: ${failures === 0 ? 'all within tolerance' : `${failures} failed`}`);
await engine.close();
process.exitCode = failures === 0 ? 0 : 1;
