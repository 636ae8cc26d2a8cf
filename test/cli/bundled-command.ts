/** The command line as users have it: the bundle, in a process of its own. */
import { execFile, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, '.cache', 'test-cli');
const bundle = join(folder, 'dist', 'cli.cjs');

export async function buildCommand(): Promise<void> {
  mkdirSync(join(folder, 'dist'), { recursive: true });
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts'],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    loader: { '.tblock': 'text', '.wasm': 'binary' },
    external: ['webgpu', 'gl'],
    mainFields: ['module', 'main'],
    define: { 'import.meta.url': 'moduleUrl' },
    banner: { js: 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
    logLevel: 'error',
  });
}

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Ends by itself within the test's time, or the test fails. */
export function tblock(
  args: readonly string[],
  options: { readonly cwd?: string } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const settings = { cwd: options.cwd ?? root, maxBuffer: 2 ** 28, timeout: 60_000 };
    execFile(process.execPath, [bundle, ...args], settings, (error, out, err) => {
      if (error?.killed === true) reject(new Error(`tblock ${args.join(' ')} did not end.`));
      else resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

/** Starts a command, sends SIGINT after a while, and resolves when it has ended. */
export function interrupted(args: readonly string[], afterMilliseconds: number): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [bundle, ...args], { cwd: root });
    let out = '';
    let err = '';
    child.stdout.on('data', (text) => {
      out += String(text);
    });
    child.stderr.on('data', (text) => {
      err += String(text);
    });
    const timer = setTimeout(() => child.kill('SIGINT'), afterMilliseconds);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, out, err });
    });
  });
}
