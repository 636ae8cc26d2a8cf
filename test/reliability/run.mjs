/**
 * `npm run reliability`: the long form of the tests of this folder, and docs/reliability.md from what they count.
 * `npm run reliability -- fuzz growth`: these parts; the figures of the others stay. `-- page`: only the page.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { page } from './page.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, '.cache/reliability');
const unit = (name) => `npx vitest run --project unit test/reliability/${name}.test.ts`;
const suite = (tests) => ({ TBLOCK_GREP: tests, TBLOCK_HOST_LIMIT: '3600' });

/** In the order in which they are told. */
const parts = {
  fuzz: { command: unit('fuzz') },
  coverage: { command: unit('coverage') },
  processes: { command: 'node test/vscode/run.mjs', environment: suite('by themselves') },
  stops: { command: 'node test/vscode/run.mjs', environment: suite('a stop is answered') },
  cancellation: { command: unit('cancellation') },
  growth: { command: unit('growth') },
  'not-finite': { command: unit('not-finite') },
  webview: { command: 'npx vitest run --project workbench test/workbench/policy.test.ts' },
};

const asked = process.argv.slice(2);
const names = asked.length > 0 ? asked.filter((name) => name !== 'page') : Object.keys(parts);
let failed = 0;
if (names.length > 0) run('node esbuild.mjs', {});
for (const name of names) {
  const part = parts[name];
  if (part === undefined) {
    throw new Error(`There is no part ${name}: there are ${Object.keys(parts).join(', ')}.`);
  }
  failed += run(part.command, { ...part.environment, TBLOCK_RELIABILITY: folder }) === 0 ? 0 : 1;
}
writeFileSync(join(root, 'docs/reliability.md'), page(figures(), machine()));
process.exitCode = failed === 0 ? 0 : 1;

function run(command, environment) {
  console.log(`\n── ${command}`);
  const options = { cwd: root, shell: true, stdio: 'inherit' };
  return spawnSync(command, { ...options, env: { ...process.env, ...environment } }).status ?? 1;
}

/** What the tests recorded, by row; of parts that never ran there is nothing. */
function figures() {
  const rows = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith('.json'))
    : [];
  return new Map(
    rows.map((name) => [
      name.replace(/\.json$/, ''),
      JSON.parse(readFileSync(join(folder, name), 'utf8')),
    ]),
  );
}

function machine() {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${cpu?.model ?? 'an unnamed processor'}, ${memory} GiB, ${process.platform} ${process.arch}, Node ${process.versions.node}`;
}
