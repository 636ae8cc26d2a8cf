/**
 * `npm test`: every check in the order in which it fails fastest. Each step prints what it says and its time; the
 * first that fails ends the run with its code. The last line counts the tests of Vitest and Mocha together.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const generated = 'src/syntax/generated';

const steps = [
  ['The generated parser is fresh', 'npx langium generate', `git diff --exit-code -- ${generated}`],
  ['Format, lint, import cycles', 'npx biome ci'],
  ['Types and boundaries', 'npx tsc -b'],
  ['Unused code and packages', 'npx knip'],
  ['Bundles', 'node esbuild.mjs'],
  // One after another: a browser beside busy workers answers too late to be tested.
  ['Unit tests', 'npx vitest run --project unit'],
  ['What is known about the packages of others', 'node test/audit.mjs'],
  ['The packages, and one installed', 'npx vitest run --project package'],
  ['The inspector in a browser', 'npx vitest run --project webview'],
  ['The workbench in a browser', 'npx vitest run --project workbench'],
  ['Tests in VS Code', 'node test/vscode/run.mjs'],
];

const counts = { passed: 0, failed: 0 };
for (const [title, ...commands] of steps) {
  console.log(`\n── ${title}`);
  const start = performance.now();
  for (const command of commands) {
    const { code, output } = await run(command);
    count(output);
    if (code !== 0) {
      console.error(`\n✗ ${title}: \`${command}\` ended with code ${code}.`);
      finish(code);
    }
  }
  console.log(`✓ ${title} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
}
finish(0);

function finish(code) {
  console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
  process.exit(code);
}

/** Shows what a command prints, and keeps it. */
function run(command) {
  return new Promise((done) => {
    const child = spawn(command, { cwd: root, shell: true, stdio: ['inherit', 'pipe', 'pipe'] });
    let output = '';
    for (const [stream, shown] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      stream.setEncoding('utf8').on('data', (text) => {
        shown.write(text);
        output += text;
      });
    }
    child.on('close', (code) => done({ code: code ?? 1, output }));
  });
}

/** Vitest's `Tests  1 failed | 41 passed (42)` and Mocha's `12 passing`, `1 failing`. */
function count(output) {
  for (const line of stripVTControlCharacters(output).split('\n')) {
    const summary = /^\s*Tests\s/.test(line) || /^\s*\d+ (passing|failing)\b/.test(line);
    if (!summary) continue;
    counts.passed += Number(/(\d+) pass(ed|ing)/.exec(line)?.[1] ?? 0);
    counts.failed += Number(/(\d+) fail(ed|ing)/.exec(line)?.[1] ?? 0);
  }
}
