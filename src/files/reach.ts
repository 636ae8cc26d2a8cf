/** Which files a program may read: those of the workspace, those beside it, and those in folders that the user picked. */
import { realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { pathOnDisk, uriOf } from './addresses.ts';

/** What the editor says of the window that a program is open in. */
export interface ReadingScope {
  /** False in Restricted Mode: nothing is read but the texts that the editor shows. */
  readonly isTrusted: boolean;
  /** Uris of folders: the workspace's, and those that the user picked. */
  readonly folders: readonly string[];
}

/** Why a file is not read: the window is restricted, or the file lies outside of what the user has opened or picked. */
export type Withheld = 'restricted' | 'outside';

/**
 * Undefined where the file may be read. Links are followed first, so that a link inside leads nowhere outside.
 * @param scope absent where the user's own command line names the files
 * @param program the file that the user has open; its own folder is open too
 */
export function withheldFrom(
  scope: ReadingScope | undefined,
  program: string,
  file: string,
): Withheld | undefined {
  if (scope === undefined) return undefined;
  if (!scope.isTrusted) return 'restricted';
  const path = pathOnDisk(file);
  const folders = [...scope.folders, folderOf(program)];
  const isWithin =
    path === undefined
      ? folders.some((folder) => file.startsWith(folder.endsWith('/') ? folder : `${folder}/`))
      : folders.some((folder) => holds(folder, realPath(path)));
  // A file that was never saved has nothing beside it to protect.
  return isWithin || file.startsWith(`${program}/`) ? undefined : 'outside';
}

/** The folder in which a file of this machine really lies, as a uri: what the user is asked about. */
export function folderOnDisk(file: string): string | undefined {
  const path = pathOnDisk(file);
  return path === undefined ? undefined : uriOf(dirname(realPath(path)));
}

function folderOf(program: string): string {
  return program.replace(/\/[^/]*$/, '');
}

function holds(folder: string, path: string): boolean {
  const root = pathOnDisk(folder);
  if (root === undefined) return false;
  const way = relative(realPath(root), path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !/^[A-Za-z]:/.test(way);
}

/** The path without links; of what is not there, as far as it is there. */
function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), path.slice(parent.length));
  }
}
