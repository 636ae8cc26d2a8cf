/** Every file a newcomer opens first runs, and keeps its promises. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { analyze } from '../../src/analysis/index.ts';
import { openEngine } from '../../src/engine/index.ts';
import { diskFiles, runProgram, uriOf } from '../../src/session/index.ts';

const folder = fileURLToPath(new URL('../../examples/', import.meta.url));
const engine = openEngine({});
afterAll(() => engine.close());

const runs = readdirSync(folder)
  .filter((name) => name.endsWith('.tblock'))
  .flatMap((name) => {
    const uri = uriOf(`${folder}${name}`);
    const text = readFileSync(`${folder}${name}`, 'utf8');
    const { targets } = analyze(uri, text, diskFiles());
    return targets
      .filter(({ kind }) => kind === 'run')
      .map((target) => ({ name, uri, text, target: target.name }));
  });

describe.each(runs)('$name: $target', ({ uri, text, target }) => {
  test('runs on the CPU and meets its expectations', { timeout: 180_000 }, async () => {
    const outcome = await runProgram(
      engine,
      { uri, text, files: diskFiles(), target, backend: 'cpu' },
      { signal: new AbortController().signal, progress: () => {} },
    );
    if (outcome.kind === 'rejected') expect.fail(outcome.diagnostics[0]?.message);
    const { trace } = outcome;
    expect(trace.expectations.filter(({ passed }) => !passed)).toEqual([]);
    expect(trace.expectations.length).toBeGreaterThan(0);
    expect(trace.streams.length).toBeGreaterThan(0);
    expect(trace.patterns.length).toBeGreaterThan(0);
    outcome.dispose();
  });
});
