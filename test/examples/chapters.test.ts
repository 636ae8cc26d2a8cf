/** The chapters' examples: they run as a reader runs them, and their values are NumPy's. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { analyze } from '../../src/analysis/index.ts';
import { openEngine } from '../../src/engine/index.ts';
import { diskFiles, runProgram, uriOf } from '../../src/session/index.ts';
import { findingsOf, runExample } from './run-example.ts';

const folder = fileURLToPath(new URL('../../examples/chapters/', import.meta.url));
/** Chapter → run → path → values; made by test/reference/chapters.py. */
const golden: Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>
> = JSON.parse(readFileSync(new URL('../reference/chapters.json', import.meta.url), 'utf8'));
const engine = openEngine({});
afterAll(() => engine.close());

const listing = '1-self-attention-and-feedforward-listing';
const chapters = readdirSync(folder)
  .map((name) => name.replace(/\.tblock$/, ''))
  .filter((name) => name !== listing);

const runs = chapters.flatMap((chapter) => {
  const uri = uriOf(`${folder}${chapter}.tblock`);
  const text = readFileSync(`${folder}${chapter}.tblock`, 'utf8');
  return analyze(uri, text, diskFiles()).program.runs.map((run) => ({
    ...{ chapter, uri, text },
    target: run.name,
  }));
});

describe.each(runs)('$chapter: $target', ({ uri, text, target }) => {
  test('runs on the CPU and meets its expectations', { timeout: 60_000 }, async () => {
    const outcome = await runProgram(
      engine,
      { uri, text, files: diskFiles(), target, backend: 'cpu' },
      { signal: new AbortController().signal, progress: () => {} },
    );
    if (outcome.kind === 'rejected') expect.fail(outcome.diagnostics[0]?.message);
    const { expectations } = outcome.trace;
    expect(expectations.filter(({ passed }) => !passed)).toEqual([]);
    expect(expectations.length).toBeGreaterThan(0);
    outcome.dispose();
  });
});

const examples = Object.entries(golden).flatMap(([chapter, byRun]) =>
  Object.entries(byRun).map(([target, byPath]) => ({ chapter, target, byPath })),
);

test.each(examples)('$chapter: $target has the values that NumPy gives', async (example) => {
  const { chapter, target, byPath } = example;
  const { valuesOf } = await runExample(`${folder}${chapter}.tblock`, target);
  for (const [path, value] of Object.entries(byPath)) {
    const measured = await valuesOf(path);
    const expected = [value].flat(2).map(Number);
    expect(measured).toHaveLength(expected.length);
    for (const [i, one] of expected.entries()) expect(measured[i], path).toBeCloseTo(one, 12);
  }
});

test('no chapter has a finding, and every one is in the golden file', () => {
  for (const chapter of chapters) expect(findingsOf(`${folder}${chapter}.tblock`)).toEqual([]);
  expect(Object.keys(golden)).toEqual(chapters.toSorted());
});

test('the listing that does not run is caught where it concatenates two numbers', () => {
  const file = `${folder}${listing}.tblock`;
  const found = findingsOf(file).map(({ code, source }) => [
    code,
    readFileSync(file, 'utf8').slice(source.start, source.end),
  ]);
  expect(found).toEqual([['TB107', expect.stringContaining('head1')]]);
});
