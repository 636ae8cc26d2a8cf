/** Programs of the tests, run to their trace. */
import { readFileSync } from 'node:fs';
import type { Engine } from '../../src/engine/index.ts';
import { diskFiles, type ProgramOutcome, runProgram, uriOf } from '../../src/session/index.ts';
import type { Trace } from '../../src/trace/index.ts';

export function runText(
  engine: Engine,
  path: string,
  text: string,
  target?: string,
  seed?: number,
): Promise<ProgramOutcome> {
  const run = { uri: uriOf(path), text, files: diskFiles(), target, backend: 'reference', seed } as const;
  return runProgram(engine, run, { signal: new AbortController().signal, progress: () => {} });
}

export async function traceOfFile(engine: Engine, path: string, target: string): Promise<Trace> {
  const outcome = await runText(engine, path, readFileSync(path, 'utf8'), target);
  if (outcome.kind === 'done') return outcome.trace;
  throw new Error(outcome.diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
}

export { largestError } from '../engine/test-backends.ts';
