/**
 * Inputs that reach code no input has reached before are kept and changed further: a fuzzer guided by V8's own block
 * coverage. (Jazzer.js would be one; its native part asks for glibc 2.38, newer than Debian 12 and Ubuntu 22.04 have.)
 */
import { Session } from 'node:inspector/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder } from '../formats/scratch-folder.ts';
import { randomFrom, record, scaled } from './figures.ts';
import { fuzzTargets } from './fuzz-targets.ts';
import { mutated, mutationFrom } from './mutations.ts';

const scratch = scratchFolder();
const targets = fuzzTargets(scratch.path('coverage'));
const session = new Session();
/** Inputs between two looks at the coverage: a look takes as long as many inputs. */
const batch = 50;

beforeAll(async () => {
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: false, detailed: true });
});
afterAll(() => session.disconnect());

/** Blocks of our own code that ran since the last look and never before. */
async function fresh(known: Set<string>): Promise<number> {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  let found = 0;
  for (const { url, functions } of result) {
    if (!/\/src\/|libraries?\//.test(url) || url.includes('node_modules')) continue;
    for (const { ranges } of functions) {
      for (const { startOffset, endOffset, count } of ranges) {
        const block = `${url}:${startOffset}-${endOffset}`;
        if (count === 0 || known.has(block)) continue;
        known.add(block);
        found += 1;
      }
    }
  }
  return found;
}

/** What an input broke, with the input. */
function failureOf(run: (input: Uint8Array) => void, input: Uint8Array): readonly unknown[] {
  try {
    run(input);
    return [];
  } catch (error) {
    return [{ error, input: Buffer.from(input).toString('base64') }];
  }
}

describe.each(targets)('$name', ({ name, seeds, pieces, run }) => {
  test('inputs that reach something new are kept, and none breaks it', {
    timeout: 3_600_000,
  }, async () => {
    const random = randomFrom(5);
    const known = new Set<string>();
    const corpus = [...seeds];
    for (const seed of seeds.slice(0, 4)) run(seed);
    const begun = await fresh(known);
    let tried = 0;
    const failures: unknown[] = [];
    const end = performance.now() + scaled(0.5, 20) * 1000;
    while (performance.now() < end) {
      const inputs: Uint8Array[] = [];
      for (let i = 0; i < batch; i++) {
        // The latest finds lead on.
        const from =
          random() < 0.5
            ? corpus.length - 1 - Math.floor(random() * 8)
            : Math.floor(random() * corpus.length);
        const base = corpus[Math.max(0, from)] ?? new Uint8Array();
        const once = mutated(base, mutationFrom(random), pieces, corpus);
        const input = random() < 0.5 ? once : mutated(once, mutationFrom(random), pieces, corpus);
        inputs.push(input.subarray(0, 20_000));
      }
      failures.push(...inputs.flatMap((input) => failureOf(run, input)));
      tried += batch;
      if ((await fresh(known)) > 0) corpus.push(...inputs);
    }
    record(`coverage ${name}`, {
      tried,
      kept: corpus.length - seeds.length,
      begun,
      blocks: known.size,
      crashes: failures.length,
    });
    expect(tried).toBeGreaterThan(0);
    expect(failures).toEqual([]);
  });
});
