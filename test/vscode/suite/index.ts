import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

/**
 * Runs every bundled suite beside this module; VS Code calls it in the extension host.
 * TBLOCK_GREP picks tests by a part of their title.
 * @throws Error when a test failed, so that the run's exit code is 1
 */
export async function run(): Promise<void> {
  const { TBLOCK_GREP: grep } = process.env;
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 30_000, ...(grep && { grep }) });
  const suites = readdirSync(__dirname).filter((name) => name.endsWith('.test.cjs'));
  for (const name of suites.sort()) mocha.addFile(join(__dirname, name));
  const failures = await new Promise<number>((done) => mocha.run(done));
  if (failures > 0) throw new Error(`${failures} of the extension's tests failed.`);
}
