/** Folders of the repository. This file is as deep as the place that bundles give themselves. */
import { fileURLToPath } from 'node:url';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export const examplesFolder = folder('../../examples/');
export const programsFolder = folder('../bench/programs/');
export const peersFolder = folder('../bench/peers/');
export const hostFolder = folder('../../.vscode-test/host/node_modules/');
export const cacheFolder = folder('../../.cache/bench/');
