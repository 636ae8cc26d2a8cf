/**
 * Opens VS Code with this extension on the examples, for a person: `npm start`. The desktop VS Code
 * if there is one, else the offline host, whose address is printed.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { desktopCommand, desktopWanted } from './desktop.mjs';
import { cacheFolder } from './install.mjs';
import { startServer } from './server.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const examples = join(root, 'examples');

const command = desktopWanted() ? desktopCommand() : undefined;
try {
  if (command === undefined) await startOffline();
  else startDesktop(command);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** @param {string} command */
function startDesktop(command) {
  console.log(`Opening the examples in the desktop VS Code (${command}).`);
  const shell = process.platform === 'win32';
  const quote = (/** @type {string} */ text) => (shell ? `"${text}"` : text);
  const args = [`--extensionDevelopmentPath=${root}`, examples].map(quote);
  spawn(quote(command), args, { stdio: 'inherit', shell }).on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

async function startOffline() {
  const server = await startServer(
    { kind: 'workbench', extensions: [root] },
    { dataFolder: join(cacheFolder, 'start') },
  );
  const url = server.url(examples);
  console.log(
    `VS Code with TBlock runs on this machine. Open it in a browser; Ctrl+C ends it.\n${url}`,
  );
}
