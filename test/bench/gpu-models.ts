/** Whole models on the GPU, run as the editor runs them. */
import { readFileSync } from 'node:fs';
import { type Engine, openEngine } from '../../src/engine/index.ts';
import { diskFiles, runProgram, uriOf } from '../../src/session/index.ts';
import { median, type Row } from './table.ts';

const repetitions = 9;
const examples = new URL('../../examples/', import.meta.url).pathname;

/** @param small only what a software adapter does in reasonable time */
export async function measureModels(small: boolean): Promise<readonly Row[]> {
  const engine = openEngine({});
  const rows: Row[] = [];
  if (small) {
    rows.push(await measure(engine, 'decoder, 10 tokens', (at) => textOf('decoder', 10, 20, at)));
  } else {
    for (const count of [16, 128, 512, 1024]) {
      const text = (at: number) => textOf('gpt2-small', count, 50_257, at);
      rows.push(await measure(engine, `gpt2-small, ${count} tokens`, text));
    }
  }
  await engine.close();
  return rows;
}

async function measure(engine: Engine, name: string, text: (at: number) => string): Promise<Row> {
  const first = await run(engine, text(0));
  const others: number[] = [];
  const again: number[] = [];
  for (let i = 1; i <= repetitions; i++) {
    others.push(await run(engine, text(i)));
    again.push(await run(engine, text(i)));
  }
  return {
    model: name,
    'first ms': first.toFixed(0),
    'other tokens ms': median(others).toFixed(2),
    'again ms': median(again).toFixed(2),
  };
}

async function run(engine: Engine, text: string): Promise<number> {
  const uri = uriOf(`${examples}bench.tblock`);
  const request = { uri, text, files: diskFiles(), target: undefined, backend: 'gpu' } as const;
  const control = { signal: new AbortController().signal, progress: () => {} };
  const outcome = await runProgram(engine, request, control);
  if (outcome.kind === 'rejected') throw new Error(outcome.diagnostics[0]?.message);
  const { backend, milliseconds } = outcome.trace;
  outcome.dispose();
  if (backend.name !== 'gpu') throw new Error(backend.reason);
  return milliseconds;
}

/** An example with so many tokens, others for every `at`. */
function textOf(name: string, count: number, vocabulary: number, at: number): string {
  const tokens = Array.from({ length: count }, (_, i) => (i * 7919 + at * 104_729) % vocabulary);
  const text = readFileSync(`${examples}${name}.tblock`, 'utf8');
  return text.replace(/tokens = \[[^\]]*\]/, `tokens = [${tokens}]`);
}
