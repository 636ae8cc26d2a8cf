/** Any input is read to its end, or refused with a sentence: nothing throws, nothing hangs, memory stays bounded. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { scratchFolder } from '../formats/scratch-folder.ts';
import { record, scaled } from './figures.ts';
import { type FuzzTarget, fuzzTargets } from './fuzz-targets.ts';
import { bytesOf, mutant } from './mutations.ts';
import { startWatchdog } from './watchdog.ts';

const cases = fileURLToPath(new URL('cases', import.meta.url));
const scratch = scratchFolder();
const targets = fuzzTargets(scratch.path('fuzz'));
const seed = 20_261_121;
/** Of the whole process, with the test runner in it. */
const mostMemory = 1.5 * 2 ** 30;

const folderOf = ({ name }: FuzzTarget) => join(cases, name.replaceAll(' ', '-'));
const watchdog = startWatchdog(join(cases, 'hung-input'));
afterAll(() => watchdog.close());

describe.each(targets)('$name', (target) => {
  const folder = folderOf(target);
  const saved = existsSync(folder) ? readdirSync(folder) : [];

  test(`${saved.length} inputs that once broke it do so no more`, () => {
    for (const name of saved) {
      const input = readFileSync(join(folder, name));
      watchdog.guard(input, () => target.run(input));
    }
  });

  test('inputs made of good ones by mistakes of every kind', { timeout: 3_600_000 }, () => {
    const numRuns = scaled(150, target.seeds.length > 30 ? 8000 : 20_000);
    let slowest = 0;
    let memory = 0;
    let tried = 0;
    const result = fc.check(
      fc.property(mutant, (made) => {
        const input = bytesOf(made, target.seeds, target.pieces);
        const start = performance.now();
        watchdog.guard(input, () => target.run(input));
        slowest = Math.max(slowest, performance.now() - start);
        tried += 1;
        if (tried % 100 === 0) memory = Math.max(memory, process.memoryUsage.rss());
      }),
      { numRuns, seed },
    );
    if (result.failed && result.counterexample !== null) {
      save(folder, bytesOf(result.counterexample[0], target.seeds, target.pieces));
    }
    record(`fuzz ${target.name}`, { tried, crashes: result.failed ? 1 : 0, slowest, memory, seed });
    expect(result.errorInstance ?? undefined).toBeUndefined();
    expect(memory).toBeLessThan(mostMemory);
  });
});

/** Keeps an input that broke something as a case of the first test. */
function save(folder: string, input: Uint8Array): void {
  mkdirSync(folder, { recursive: true });
  const name = createHash('sha256').update(input).digest('hex').slice(0, 12);
  writeFileSync(join(folder, name), input);
}
