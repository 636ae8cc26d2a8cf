/**
 * `npm run test:gpu`: everything that compares numbers, on the GPU of this machine beside the forms of the same kernels
 * on the processor. Ends with 1 where no GPU answers: a software adapter is what `npm test` uses.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const suite = [
  'test/engine/kernels.test.ts',
  'test/engine/native-programs.test.ts',
  'test/engine/operators.test.ts',
  'test/session/models.test.ts',
];

const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'unit', ...suite], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  env: { ...process.env, TBLOCK_TEST_GPU: 'hardware' },
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
process.exitCode = status ?? 1;
