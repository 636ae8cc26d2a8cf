/** One run of an example on the float64 reference, for pages and tests that are made from results. */
import { readFileSync } from 'node:fs';
import { analyze } from '../../src/analysis/index.ts';
import { openEngine } from '../../src/engine/index.ts';
import { diskFiles, runProgram, uriOf } from '../../src/session/index.ts';

const control = { signal: new AbortController().signal, progress: () => undefined };

/** What is wrong with a file. */
export function findingsOf(file: string) {
  return analyze(uriOf(file), readFileSync(file, 'utf8'), diskFiles()).diagnostics;
}

/** What a run expects, and its values by path. Throws where the run does not start. */
export async function runExample(file: string, target: string) {
  const request = {
    uri: uriOf(file),
    text: readFileSync(file, 'utf8'),
    files: diskFiles(),
    target,
  };
  const outcome = await runProgram(openEngine({}), { ...request, backend: 'reference' }, control);
  if (outcome.kind === 'rejected') {
    throw new Error(`${file}: ${target} cannot run: ${outcome.diagnostics[0]?.message}`);
  }
  const { trace } = outcome;
  const valuesOf = async (path: string) => {
    const values = await trace.read(path);
    if (values === undefined) throw new Error(`${file}: ${target} has no value ${path}.`);
    return [...values.data];
  };
  return { expectations: trace.expectations, valuesOf };
}
