/**
 * The trained example: two heads of it can be told by what they attend to. The previous-token score of a head is its
 * mean weight on the token before; its induction score that on the token after the earlier occurrence (Olsson et al.
 * 2022).
 */
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { openEngine } from '../../src/engine/index.ts';
import { diskFiles, runProgram, uriOf } from '../../src/session/index.ts';
import type { Trace } from '../../src/trace/index.ts';
import { type HeadScores, headScores, tokenIds } from '../../src/views/index.ts';

const folder = fileURLToPath(new URL('../../examples/', import.meta.url));
const file = `${folder}induction.tblock`;
const engine = openEngine({});
afterAll(() => engine.close());

/** The scores of all heads by `layer.head`, as the inspector shows them. */
async function scoresOf(trace: Trace): Promise<ReadonlyMap<string, HeadScores>> {
  const scores = new Map<string, HeadScores>();
  for (const [layer, { path }] of trace.patterns.entries()) {
    const pattern = await trace.read(path);
    const [heads = 0, queries = 0, keys = 0] = pattern?.info.axes.map(({ size }) => size) ?? [];
    const ids = await tokenIds(trace, keys);
    for (let head = 0; head < heads; head++) {
      const map = pattern?.data.subarray(head * queries * keys, (head + 1) * queries * keys) ?? [];
      scores.set(`${layer}.${head}`, headScores(map, { queries, keys }, ids));
    }
  }
  return scores;
}

async function traceOf(target: string): Promise<Trace> {
  const outcome = await runProgram(
    engine,
    {
      uri: uriOf(file),
      text: readFileSync(file, 'utf8'),
      files: diskFiles(),
      target,
      backend: 'reference',
    },
    { signal: new AbortController().signal, progress: () => undefined },
  );
  if (outcome.kind === 'rejected') throw new Error(outcome.diagnostics[0]?.message);
  return outcome.trace;
}

test('one head attends to the previous token, and one of the next layer to what came after last time', async () => {
  const scores = await scoresOf(await traceOf('repeated'));
  const above = (name: 'previous' | 'induction', least: number) =>
    [...scores].flatMap(([head, score]) => ((score[name] ?? 0) > least ? [head] : []));
  expect(scores.size).toBe(6);
  expect(above('previous', 0.9)).toEqual(['0.2']);
  expect(above('induction', 0.85)).toEqual(['1.2']);
});

test('is small enough to come along', () => {
  expect(statSync(`${folder}induction.safetensors`).size).toBeLessThan(1_000_000);
});
