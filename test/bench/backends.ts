/**
 * Runs the examples on every backend of this machine, side by side, and prints the times as ratios to gpu.js's
 * WebAssembly mode. Every result is compared with the float64 reference first: a wrong result is no time.
 * `npm run bench`; with `-- --all` also the large model.
 */
import { readFileSync } from 'node:fs';
import { type BackendWish, type Engine, openEngine } from '../../src/engine/index.ts';
import { diskFiles, runProgram, uriOf } from '../../src/session/index.ts';

const repetitions = 9;
const backends: readonly BackendWish[] = ['cpu', 'gpu', 'reference'];
const examples = ['post-norm', 'pre-norm', 'decoder', 'llama-block'];
if (process.argv.includes('--all')) examples.push('gpt2-small');

interface Measured {
  readonly description: string;
  /** Of the runs after the first, which compiles. */
  readonly median: number;
  readonly output: readonly number[];
}

const folder = new URL('../../examples/', import.meta.url).pathname;
const engine = openEngine(process.env);
console.log(
  `${'example'.padEnd(14)} ${'backend'.padEnd(44)} ${'median ms'.padStart(10)} ${'ratio'.padStart(7)}  largest error`,
);
for (const name of examples) {
  const reference = await measure(engine, name, 'reference');
  const base = await measure(engine, name, 'cpu');
  for (const backend of backends) {
    const measured =
      backend === 'reference'
        ? reference
        : backend === 'cpu'
          ? base
          : await measure(engine, name, backend);
    // Where no GPU answers, the CPU would only be measured twice.
    if (backend === 'gpu' && measured.description === base.description) continue;
    const error = largestError(measured.output, reference.output);
    if (!(error < 1e-3)) throw new Error(`${name} on ${measured.description} is ${error} off.`);
    const ratio = (measured.median / base.median).toFixed(2);
    console.log(
      `${name.padEnd(14)} ${measured.description.padEnd(44)} ${measured.median.toFixed(2).padStart(10)} ${ratio.padStart(7)}  ${error.toExponential(1)}`,
    );
  }
}
await engine.close();

async function measure(on: Engine, name: string, backend: BackendWish): Promise<Measured> {
  const path = `${folder}${name}.tblock`;
  const times: number[] = [];
  let output: readonly number[] = [];
  let description = '';
  for (let i = 0; i <= (name === 'gpt2-small' ? 1 : repetitions); i += 1) {
    const outcome = await runProgram(
      on,
      {
        uri: uriOf(path),
        text: readFileSync(path, 'utf8'),
        files: diskFiles(),
        target: undefined,
        backend,
      },
      { signal: new AbortController().signal, progress: () => {} },
    );
    if (outcome.kind === 'rejected') throw new Error(outcome.diagnostics[0]?.message);
    if (i > 0) times.push(outcome.trace.milliseconds);
    const values = await outcome.trace.read(outcome.trace.outputs[0] ?? '');
    output = [...(values?.data ?? [])];
    description = outcome.trace.backend.description;
    outcome.dispose();
  }
  times.sort((a, b) => a - b);
  return { description, median: times[Math.floor(times.length / 2)] ?? Number.NaN, output };
}

function largestError(values: readonly number[], expected: readonly number[]): number {
  return expected.reduce((worst, value, i) => {
    const error = Math.abs((values[i] ?? Number.NaN) - value) / Math.max(1, Math.abs(value));
    return Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(worst, error);
  }, 0);
}
