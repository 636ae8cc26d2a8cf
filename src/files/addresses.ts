/** Addresses of files: one spelling for each, since editors and Node escape them differently. */
import { dirname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The path of a `file:` uri; undefined for what has no place on a disk of this machine. */
export function pathOnDisk(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    // A file of another machine, or an escape that means nothing.
    return undefined;
  }
}

/** The one spelling of a uri that maps and sets use. */
export function canonicalUri(uri: string): string {
  const path = pathOnDisk(uri);
  return path === undefined ? uri : uriOf(path);
}

export function uriOf(path: string): string {
  return pathToFileURL(path).href;
}

/**
 * The uri of a path as a program writes it. Paths in programs are paths, not uris: `#`, `?` and `%` belong to names.
 * Beside a file of a virtual workspace paths stay there; a file that was never saved lies
 * where it is to be saved, and has them below itself where nobody knows.
 */
export function resolvePath(from: string, path: string): string {
  const base = pathOnDisk(from.replace(/^untitled:(?=\/)/, 'file:'));
  if (base !== undefined) return uriOf(resolve(dirname(base), path));
  const isHierarchical = /^[\w+.-]+:\//.test(from);
  if (!isHierarchical) return isAbsolute(path) ? uriOf(path) : `${from}/${path}`;
  try {
    return new URL(path.split('/').map(escaped).join('/'), from).href;
  } catch {
    // An address that only its own file system understands.
    return `${from}/${path}`;
  }
}

/** As editors escape a name: they leave fewer characters alone than `encodeURIComponent`. */
function escaped(name: string): string {
  return encodeURIComponent(name).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
