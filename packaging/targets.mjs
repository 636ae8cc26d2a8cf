/**
 * What is packaged: for every platform a package with the native module of that platform alone (Dawn, as the npm
 * package `webgpu` brings it), and one without any, which runs everywhere and computes on the processor.
 */

/**
 * @typedef {object} Target
 * @property {string} [native] the folder of the npm package `webgpu` that is for this platform
 * @property {'arm64' | 'x86_64'} [slice] what of its binaries is for this processor, where they hold several
 * @property {number} limit megabytes (10⁶ bytes) that the package may have
 */

/** @type {Readonly<Record<string, Target>>} */
export const targets = {
  universal: { limit: 4 },
  'linux-x64': { native: 'linux-x64', limit: 12 },
  'linux-arm64': { native: 'linux-arm64', limit: 12 },
  'darwin-arm64': { native: 'darwin-universal', slice: 'arm64', limit: 8 },
  'darwin-x64': { native: 'darwin-universal', slice: 'x86_64', limit: 8 },
  'win32-x64': { native: 'win32-x64', limit: 20 },
  'win32-arm64': { native: 'win32-arm64', limit: 21 },
};

/** The one for the machine that this runs on; undefined where none has a native module for it. */
export function ownTarget() {
  const name = `${process.platform}-${process.arch}`;
  return name in targets ? name : undefined;
}
