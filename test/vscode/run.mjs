/**
 * Runs the integration tests (`dist/test/vscode/`) in a real VS Code: the desktop one where it can
 * be downloaded and shown, else the offline host. TBLOCK_VSCODE=desktop or =offline decides it.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests, TestRunFailedError } from '@vscode/test-electron';
import { desktopWanted, reaches } from './host/desktop.mjs';
import { cacheFolder } from './host/install.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const updates = 'https://update.code.visualstudio.com/api/releases/stable';

process.exitCode = await main();

async function main() {
  // A copy, since tests write files.
  const workspace = mkdtempSync(join(tmpdir(), 'tblock-workspace-'));
  process.on('exit', () => rmSync(workspace, { recursive: true, force: true }));
  cpSync(join(root, 'examples'), workspace, { recursive: true });
  const isDesktop = desktopWanted() && (await reaches(updates));
  console.log(
    `Integration tests in the ${isDesktop ? 'desktop VS Code' : 'offline VS Code host'}.`,
  );
  const executable = join(root, 'test/vscode/host/code');
  try {
    return await runTests({
      ...(isDesktop ? { cachePath: cacheFolder } : { vscodeExecutablePath: executable }),
      extensionDevelopmentPath: root,
      extensionTestsPath: join(root, 'dist/test/vscode/index.cjs'),
      launchArgs: [workspace, '--disable-extensions'],
    });
  } catch (error) {
    if (!(error instanceof TestRunFailedError)) throw error;
    return error.code ?? 1;
  }
}
