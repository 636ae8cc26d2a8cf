/** Installs the peers from their own lock file, where they are not there yet. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { peersFolder } from '../paths.ts';

export function installPeers(): void {
  const lock = readFileSync(`${peersFolder}package-lock.json`, 'utf8');
  const installed = `${peersFolder}node_modules/.installed-lock.json`;
  if (existsSync(installed) && readFileSync(installed, 'utf8') === lock) return;
  console.log('Installing the peers …');
  // The CPU's binaries are in the packages; scripts would only fetch more from outside the registry.
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: peersFolder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  });
  if (status !== 0) throw new Error(`npm ci in ${peersFolder} ended with ${status}.`);
  writeFileSync(installed, lock);
}
