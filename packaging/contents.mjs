/** Which packages of others are in what is shipped: read from what the bundler put into the bundles. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Per bundle the files of which something is in it, and the modules that it asks for when it runs.
 * @typedef {Readonly<Record<string, { files: readonly string[], modules: readonly string[] }>>} Contents
 */

/**
 * @typedef {object} Package
 * @property {string} name
 * @property {string} version
 * @property {string} license an SPDX identifier
 * @property {string} folder
 */

/** Bundles that go into a package; the command line is for checkouts, and tests stay at home. */
export const shippedBundles = [
  'extension.cjs',
  'language-server.cjs',
  'engine.cjs',
  'webview/index.js',
  'webview/index.css',
];

/** The compiler of the kernels puts parts of its own library into them. */
const compiledIn = 'node_modules/assemblyscript';
const nativeModule = 'node_modules/webgpu';

/**
 * The packages of npm that are in the shipped bundles, by name; with the native one also where a platform has it.
 * @param {Contents} contents
 * @param {{ native: boolean }} options
 * @returns {readonly Package[]}
 */
export function shippedPackages(contents, { native }) {
  const folders = new Set([compiledIn, ...(native ? [nativeModule] : [])]);
  for (const bundle of shippedBundles) {
    for (const file of contents[bundle]?.files ?? []) {
      const folder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
      if (folder !== undefined) folders.add(folder);
    }
  }
  const found = [...folders].map((folder) => packageIn(folder));
  return found.sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}

/**
 * Its licence, copyright notices and notices of what is in it in turn, as it brings them.
 * @param {Package} of
 * @returns {readonly { file: string, text: string }[]}
 */
export function legalTexts({ folder }) {
  const wanted = /^(licen[cs]e|copying|copyright|notices?|third-?party)[^/]*$/i;
  const from = join(root, folder);
  return readdirSync(from, { recursive: folder === nativeModule, encoding: 'utf8' })
    .filter((file) => wanted.test(file) || /(LICENSE|Notices)\.(txt|TXT)$/.test(file))
    .sort()
    .map((file) => ({ file, text: readFileSync(join(from, file), 'utf8').replaceAll('\r', '') }));
}

/**
 * @param {string} folder
 * @returns {Package}
 */
function packageIn(folder) {
  const manifest = join(root, folder, 'package.json');
  if (!existsSync(manifest)) throw new Error(`${folder} is not installed: run npm ci.`);
  const { name, version, license } = JSON.parse(readFileSync(manifest, 'utf8'));
  return { name, version, license, folder };
}
