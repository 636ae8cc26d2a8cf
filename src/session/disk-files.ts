/** Files as the analysis reads them: unsaved texts first, then the disk, as far as the window lets a program reach. */
import { existsSync, readFileSync } from 'node:fs';
import type { FileAccess } from '../analysis/index.ts';
import { pathOnDisk, type ReadingScope, resolvePath, withheldFrom } from '../files/index.ts';
import { openWeights, readNpy } from '../formats/index.ts';
import { tokensOfFile } from './tokens.ts';

export { uriOf } from '../files/index.ts';

/** Where files may be read from, and what became of those that may not. */
export interface Reach {
  readonly scope: ReadingScope;
  /** The file that the user has open. */
  readonly program: string;
  /** Takes the uri of every file that is outside. */
  readonly refused: (uri: string) => void;
}

/** @param reach absent on the command line, where all paths are the user's own */
export function diskFiles(
  unsaved: Readonly<Record<string, string>> = {},
  reach?: Reach,
): FileAccess {
  const withheld = (uri: string) => {
    if (reach === undefined || unsaved[uri] !== undefined) return undefined;
    const why = withheldFrom(reach.scope, reach.program, uri);
    if (why === 'outside') reach.refused(uri);
    return why;
  };
  return {
    withheld,
    resolve: resolvePath,
    readText: (uri) => unsaved[uri] ?? (withheld(uri) === undefined ? textOnDisk(uri) : undefined),
    exists: (uri) => unsaved[uri] !== undefined || isThere(uri),
    shapeOf: (uri, tensor) => (withheld(uri) === undefined ? shapeOfFile(uri, tensor) : undefined),
    tokensOf: (uri, given) => {
      if (withheld(uri) !== undefined) return undefined;
      const read = tokensOfFile(pathOf(uri), given);
      return read.ok ? read.value : undefined;
    },
  };
}

/** The path of a file: uri; the uri itself for other schemes, which have no place on the disk. */
export function pathOf(uri: string): string {
  return pathOnDisk(uri) ?? uri;
}

/** What has no place on a disk counts as there: nobody can tell. */
function isThere(uri: string): boolean {
  const path = pathOnDisk(uri);
  return path === undefined || existsSync(path);
}

function textOnDisk(uri: string): string | undefined {
  const path = pathOnDisk(uri);
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
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
