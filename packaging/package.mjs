/** Builds the bundles once, and makes of them a `.vsix` file for a target. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { root } from './contents.mjs';
import { layOut } from './extension-folder.mjs';
import { targets } from './targets.mjs';

/**
 * @typedef {object} Bundles
 * @property {string} scratch a folder for what is made on the way
 * @property {string} build the folder of the bundles
 * @property {import('./contents.mjs').Contents} contents
 */

/**
 * The bundles as they are shipped: no source maps, no tests.
 * @param {string} scratch
 * @returns {Promise<Bundles>}
 */
export async function buildForPackages(scratch) {
  const build = join(scratch, 'build');
  const contents = join(scratch, 'contents.json');
  rmSync(build, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  execFileSync(
    process.execPath,
    ['esbuild.mjs', '--production', '--outdir', build, '--contents', contents],
    { cwd: root, stdio: 'inherit' },
  );
  return { scratch, build, contents: JSON.parse(readFileSync(contents, 'utf8')) };
}

/**
 * @param {string} name of a target
 * @param {{ bundles: Bundles, folder: string, imagesUrl?: string | undefined }} options
 * @returns {Promise<{ file: string, bytes: number, contents: string }>} the package, and the folder it was made of
 */
export async function makePackage(name, { bundles, folder, imagesUrl }) {
  const target = targets[name];
  if (target === undefined) {
    throw new Error(`There is no target ${name}: there are ${Object.keys(targets).join(', ')}.`);
  }
  const contents = join(bundles.scratch, name);
  layOut(contents, { ...bundles, target, imagesUrl });
  mkdirSync(folder, { recursive: true });
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const file = join(folder, `tblock-${version}-${name}.vsix`);
  await quietly(() =>
    createVSIX({
      cwd: contents,
      packagePath: file,
      dependencies: false,
      ...(target.native !== undefined && { target: name }),
      ...(imagesUrl === undefined
        ? { rewriteRelativeLinks: false, allowMissingRepository: true }
        : { baseImagesUrl: imagesUrl, baseContentUrl: imagesUrl, allowMissingRepository: true }),
    }),
  );
  return { file, bytes: statSync(file).size, contents };
}

/**
 * What the packager says goes by unless it is a warning: it lists every file.
 * @param {() => Promise<void>} act
 */
async function quietly(act) {
  const { log } = console;
  console.log = () => {};
  try {
    await act();
  } finally {
    console.log = log;
  }
}
