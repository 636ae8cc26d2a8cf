/** Addresses of files: one spelling for each, since editors and Node escape them differently. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The one spelling of a uri that maps and sets use. */
export function canonicalUri(uri: string): string {
  const path = pathOf(uri);
  return path === undefined ? uri : pathToFileURL(path).href;
}

/** The uri of a path as a program writes it; a file that was never saved has its paths below itself. */
export function resolvePath(from: string, path: string): string {
  const base = pathOf(from);
  return base === undefined ? `${from}/${path}` : pathToFileURL(resolve(dirname(base), path)).href;
}

/** Undefined where there is no such file, or none that can be read. */
export function readFileText(uri: string): string | undefined {
  const path = pathOf(uri);
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Whoever imports it reports what is missing, on the line that names it.
    return undefined;
  }
}

/** What has no place on a disk counts as there: nobody can tell. */
export function isFile(uri: string): boolean {
  const path = pathOf(uri);
  return path === undefined || existsSync(path);
}

function pathOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    // A file of another machine, or an escape that means nothing.
    return undefined;
  }
}
