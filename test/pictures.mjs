/** `npm run pictures`: builds, and renews README's pictures of the workbench. */
import { spawnSync } from 'node:child_process';

const environment = { ...process.env, TBLOCK_PICTURES: '1' };
for (const command of [
  'node esbuild.mjs',
  'npx vitest run --project workbench --project package',
]) {
  const { status } = spawnSync(command, { shell: true, stdio: 'inherit', env: environment });
  if (status !== 0) process.exit(status ?? 1);
}
