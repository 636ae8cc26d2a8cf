/** Files as the analysis reads them: unsaved texts first, then the disk. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { FileAccess } from '../analysis/index.ts';
import { openWeights, readNpy } from '../formats/index.ts';
import { tokensOfFile } from './tokens.ts';

export function diskFiles(unsaved: Readonly<Record<string, string>> = {}): FileAccess {
  return {
    readText: (uri) => unsaved[uri] ?? textOnDisk(uri),
    resolve: resolvePath,
    exists: (uri) => unsaved[uri] !== undefined || existsSync(pathOf(uri)),
    shapeOf: (uri, tensor) => shapeOfFile(uri, tensor),
    tokensOf: (uri, given) => {
      const read = tokensOfFile(pathOf(uri), given);
      return read.ok ? read.value : undefined;
    },
  };
}

/** The path of a file: uri; the uri itself for other schemes, which have no place on the disk. */
export function pathOf(uri: string): string {
  return uri.startsWith('file:') ? fileURLToPath(uri) : uri;
}

export function uriOf(path: string): string {
  return pathToFileURL(path).href;
}

/** Paths in programs are paths, not uris: `#`, `?` and `%` belong to names. The spelling is that of the editor. */
function resolvePath(from: string, path: string): string {
  if (!from.startsWith('file:'))
    return new URL(path.split('/').map(encodeURIComponent).join('/'), from).href;
  return uriOf(resolve(dirname(fileURLToPath(from)), path));
}

function textOnDisk(uri: string): string | undefined {
  try {
    return readFileSync(pathOf(uri), 'utf8');
  } catch {
    // Missing, or a folder, or not to be read: the import says so at its line.
    return undefined;
  }
}

function shapeOfFile(uri: string, tensor: string | undefined): readonly number[] | undefined {
  const path = pathOf(uri);
  if (path.endsWith('.npy')) {
    const array = readNpy(path);
    return array.ok ? array.value.shape : undefined;
  }
  const file = openWeights(path);
  if (!file.ok) return undefined;
  const name = tensor ?? [...file.value.tensors.keys()][0];
  return name === undefined ? undefined : file.value.tensors.get(name)?.shape;
}
