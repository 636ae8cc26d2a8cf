/** The `.tblock` files of the editor's folders, open or not. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Enough for a repository of research code, and soon walked through. */
const most = { files: 2000, depth: 12 };
const skipped = new Set(['node_modules', 'dist', 'build', 'out', 'target', '__pycache__', 'venv']);

/** Addresses of the programs below folders, nearest first. */
export function programFiles(folders: readonly string[]): readonly string[] {
  const found: string[] = [];
  let level = folders.flatMap(pathOfFolder);
  for (let depth = 0; level.length > 0 && depth < most.depth; depth += 1) {
    level = level.flatMap((folder) => {
      const entries = entriesOf(folder);
      for (const { name, isFolder } of entries) {
        if (!isFolder && name.endsWith('.tblock') && found.length < most.files) {
          found.push(pathToFileURL(join(folder, name)).href);
        }
      }
      return entries.flatMap(({ name, isFolder }) => (isFolder ? [join(folder, name)] : []));
    });
  }
  return found;
}

/** Names in a folder; none where it cannot be read. */
export function entriesOf(
  folder: string,
): readonly { readonly name: string; readonly isFolder: boolean }[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.') && !skipped.has(name))
      .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  } catch {
    // A folder that went away, or that may not be looked into, has nothing to offer.
    return [];
  }
}

function pathOfFolder(uri: string): readonly string[] {
  return uri.startsWith('file:') ? [fileURLToPath(uri)] : [];
}
