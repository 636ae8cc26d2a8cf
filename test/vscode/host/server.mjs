/** Starts the installed VS Code server, for a person or for a test. */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { definedEnvironment, installHost } from './install.mjs';

const startLimit = 60_000;

/** A workbench that neither talks to the network nor shows what no test is about. */
const quietSettings = {
  'chat.agentHost.enabled': false,
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
};

/**
 * What a server is for. In a workbench the extensions are installed, as users have them: folders by links, packages
 * (`.vsix` files) by the server's command line. For tests
 * in the extension host the address names the extensions instead, and the workbench passes on
 * what they print but shows neither notifications nor dialogs.
 * @typedef {{ kind: 'workbench', extensions: string[], packages?: string[] } | { kind: 'extension tests' }} Use
 */

/**
 * Extensions under development, and the module whose `run()` is called in the extension host.
 * @typedef {{ extensions: string[], tests: string }} Development
 */

/**
 * A running server.
 * @typedef {object} Server
 * @property {(place: string, development?: Development) => string} url the address of a workbench on a folder, or on a
 * `.code-workspace` file
 * @property {() => void} close ends the server and all that it started
 */

/**
 * Starts a server on a free port of this machine and waits until it answers. It ends with this
 * process, however that ends.
 * @param {Use} use
 * @param {object} [options]
 * @param {string} [options.dataFolder] where settings and state stay for the next time
 * @param {Record<string, unknown>} [options.settings] user settings that a new data folder starts with
 * @param {Record<string, string>} [options.env] variables over those of this process
 * @param {boolean} [options.restricted] whether folders are opened in Restricted Mode until they are trusted
 * @returns {Promise<Server>}
 */
export async function startServer(use, options = {}) {
  const { node, serverMain } = await installHost();
  const { dataFolder, settings = {}, env = {}, restricted = false } = options;
  const temporary = await mkdtemp(join(tmpdir(), 'vscode-host-'));
  const data = dataFolder ?? join(temporary, 'data');
  const extensions = join(temporary, 'extensions');
  await writeSettings(data, { ...quietSettings, ...settings });
  if (use.kind === 'workbench') {
    for (const file of use.packages ?? []) {
      await installPackage({ node, serverMain }, { file, extensions, data });
    }
    await linkExtensions(extensions, use.extensions);
  }
  const token = randomBytes(16).toString('hex');
  const args = [
    serverMain,
    ...['--host', '127.0.0.1', '--port', '0', '--connection-token', token],
    ...['--accept-server-license-terms', '--disable-telemetry'],
    ...(restricted ? [] : ['--disable-workspace-trust']),
    ...['--server-data-dir', data, '--extensions-dir', extensions],
    ...(use.kind === 'extension tests' ? ['--enable-smoke-test-driver'] : []),
    // A test that was killed outright leaves no server behind for long.
    ...(dataFolder === undefined
      ? ['--enable-remote-auto-shutdown', '--reconnection-grace-time', '10']
      : []),
  ];
  const child = spawn(node, args, {
    // A group of its own, so that its extension hosts and their children end with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Without a gallery a test looks for nothing in the network.
    env: {
      ...definedEnvironment(),
      ...(dataFolder === undefined && { EXTENSIONS_GALLERY: '{}' }),
      ...env,
    },
  });
  const stop = () => {
    endGroup(child.pid);
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  };
  const forget = onEnd(stop);
  const close = () => {
    forget();
    stop();
  };
  try {
    const port = await listeningPort(child);
    return { url: (path, development) => address(port, token, path, development), close };
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * @param {string} port
 * @param {string} token
 * @param {string} place
 * @param {Development | undefined} development
 */
function address(port, token, place, development) {
  const authority = `127.0.0.1:${port}`;
  /** @param {string} path */
  const remote = (path) => `vscode-remote://${authority}${pathToFileURL(resolve(path)).pathname}`;
  const payload = [['skipWelcome', 'true']];
  if (development !== undefined) {
    for (const path of development.extensions) {
      payload.push(['extensionDevelopmentPath', remote(path)]);
    }
    payload.push(['extensionTestsPath', remote(development.tests)], ['enableProposedApi', '']);
  }
  const kind = place.endsWith('.code-workspace') ? 'workspace' : 'folder';
  const query = { tkn: token, [kind]: resolve(place), payload: JSON.stringify(payload) };
  return `http://${authority}/?${new URLSearchParams(query)}`;
}

/**
 * Installs extensions by links to their folders, from which the server makes its list.
 * @param {string} folder
 * @param {string[]} extensions
 */
async function linkExtensions(folder, extensions) {
  await mkdir(folder, { recursive: true });
  for (const extension of extensions) {
    const manifest = await readFile(join(extension, 'package.json'), 'utf8');
    const { publisher, name, version } = JSON.parse(manifest);
    const link = join(folder, `${publisher}.${name}-${version}`);
    await symlink(resolve(extension), link, 'junction');
  }
}

/**
 * Installs a `.vsix` file as `code --install-extension` does.
 * @param {import('./install.mjs').Host} host
 * @param {{ file: string, extensions: string, data: string }} of
 */
async function installPackage({ node, serverMain }, { file, extensions, data }) {
  const folders = ['--extensions-dir', extensions, '--server-data-dir', data];
  const { stdout } = await promisify(execFile)(node, [
    ...[serverMain, '--accept-server-license-terms', ...folders],
    ...['--install-extension', resolve(file)],
  ]);
  if (!stdout.includes('was successfully installed')) throw new Error(stdout);
}

/**
 * Reads the server's output until it names the port it listens on.
 * @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, import('node:stream').Readable>} child
 * @returns {Promise<string>}
 */
function listeningPort(child) {
  return new Promise((done, fail) => {
    let output = '';
    const timer = setTimeout(() => give('did not start listening in time'), startLimit);
    /** @param {string} reason */
    const give = (reason) => {
      clearTimeout(timer);
      fail(new Error(`The VS Code server ${reason}.\n${output.slice(-4000)}`));
    };
    child.once('error', (error) => give(`could not be started (${error.message})`));
    child.once('exit', (code) => give(`ended at once with code ${code}`));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
        if (output.length < 100_000) output += text;
        const port = /Extension host agent listening on (\d+)/.exec(output)?.[1];
        if (port === undefined) return;
        clearTimeout(timer);
        done(port);
      });
    }
  });
}

/**
 * Leaves settings that are already there alone: they are a person's.
 * @param {string} dataFolder
 * @param {Record<string, unknown>} settings
 */
async function writeSettings(dataFolder, settings) {
  const folder = join(dataFolder, 'data/User');
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'settings.json');
  if (!existsSync(file)) await writeFile(file, JSON.stringify(settings, null, 2));
}

/** @param {number | undefined} pid */
function endGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

/**
 * Calls `stop` when this process ends, by itself or by a signal.
 * @param {() => void} stop
 * @returns {() => void} takes that back
 */
function onEnd(stop) {
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  /** @param {NodeJS.Signals} signal */
  const onSignal = (signal) => {
    stop();
    forget();
    process.kill(process.pid, signal);
  };
  const forget = () => {
    process.off('exit', stop);
    for (const signal of signals) process.off(signal, onSignal);
  };
  process.on('exit', stop);
  for (const signal of signals) process.on(signal, onSignal);
  return forget;
}
