/** Files on the disk, as the language server reads them. */
import { existsSync, readFileSync } from 'node:fs';
import { pathOnDisk } from '../files/index.ts';

export { canonicalUri, resolvePath } from '../files/index.ts';

/** Undefined where there is no such file, or none that can be read. */
export function readFileText(uri: string): string | undefined {
  const path = pathOnDisk(uri);
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
  const path = pathOnDisk(uri);
  return path === undefined || existsSync(path);
}
