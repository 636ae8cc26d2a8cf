/**
 * Runs extension tests in the offline VS Code, understanding the arguments that
 * `@vscode/test-electron` gives to the desktop one:
 *
 *     code [folder] --extensionDevelopmentPath=<folder> --extensionTestsPath=<module>
 *
 * Prints what the tests print and exits with their code. Other flags mean nothing here. The run
 * must end within TBLOCK_HOST_LIMIT seconds (300 if not set).
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { format } from 'node:util';
import { startBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

const loadLimit = 60_000;

/** What the workbench says about itself in every run; the native modules it misses are optional. */
const noise = [
  /^Creating a socket |^Resolv(ing|ed) connection token | additional builtin extensions/,
  /^\[(reconnection-grace-time|AgentHost|AccountPolicyGate|ChatModelSelection|Service Worker)/,
  /^(Error: )?(Could not locate the bindings file|Cannot find module '.*\/build\/Release\/)/,
];

process.exitCode = await main(process.argv.slice(2)).catch((error) => {
  console.error(format(error instanceof Error ? error.message : error));
  return 1;
});
process.exit();

/**
 * @param {string[]} argv
 * @returns {Promise<number>} the exit code
 */
async function main(argv) {
  const { extensions, tests, folder } = readArguments(argv);
  if (tests === undefined) {
    console.error('The offline VS Code needs --extensionTestsPath=<module>.');
    return 2;
  }
  const { TBLOCK_HOST_LIMIT: limit = '300' } = process.env;
  const empty = mkdtempSync(join(tmpdir(), 'vscode-host-empty-'));
  process.on('exit', () => rmSync(empty, { recursive: true, force: true }));
  // Playwright and the server's own handler end what is left when this process exits.
  const server = await startServer({ kind: 'extension tests' });
  const browser = await startBrowser();
  const url = server.url(folder ?? empty, { extensions, tests });
  return await runTests(await browser.newPage(), url, Number(limit));
}

/**
 * Opens the workbench, whose extension host then runs the tests, and waits for their code.
 * @param {import('playwright-core').Page} page
 * @param {string} url
 * @param {number} limit in seconds
 * @returns {Promise<number>}
 */
async function runTests(page, url, limit) {
  /** @type {(code: number) => void} */
  let end = () => {};
  /** @type {Promise<number>} */
  const ended = new Promise((done) => {
    end = done;
  });
  /** @param {string} message */
  const giveUp = (message) => {
    console.error(message);
    end(1);
  };
  await page.exposeFunction('codeAutomationExit', (/** @type {number} */ code) => end(code));
  await page.exposeFunction(
    'codeAutomationLog',
    (/** @type {string} */ type, /** @type {unknown[]} */ args) => log(type, args),
  );
  page.on('crash', () => giveUp('The browser page of the offline VS Code crashed.'));
  const timer = setTimeout(
    () => giveUp(`The tests did not end within ${limit} s (TBLOCK_HOST_LIMIT), and were stopped.`),
    limit * 1000,
  );
  try {
    await page.goto(url, { timeout: loadLimit });
    await page.locator('.monaco-workbench').waitFor({ timeout: loadLimit });
  } catch (error) {
    giveUp(`The offline VS Code did not open: ${error instanceof Error ? error.message : error}`);
  }
  const code = await ended;
  clearTimeout(timer);
  return code;
}

/**
 * @param {string} type a method of console
 * @param {unknown[]} args
 */
function log(type, args) {
  const line = `${format(...args)}\n`;
  if (noise.some((pattern) => pattern.test(line))) return;
  if (type === 'error' || type === 'warn') process.stderr.write(line);
  else process.stdout.write(line);
}

/**
 * @param {string[]} argv
 * @returns {{ extensions: string[], tests: string | undefined, folder: string | undefined }}
 */
function readArguments(argv) {
  /** @param {string} name */
  const values = (name) =>
    argv.filter((arg) => arg.startsWith(`--${name}=`)).map((arg) => arg.slice(name.length + 3));
  const folder = argv.find(
    (arg) => !arg.startsWith('-') && statSync(arg, { throwIfNoEntry: false })?.isDirectory(),
  );
  return {
    extensions: values('extensionDevelopmentPath').map((path) => resolve(path)),
    tests: values('extensionTestsPath').at(-1),
    folder: folder === undefined ? undefined : resolve(folder),
  };
}
