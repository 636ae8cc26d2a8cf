/** A folder for one test file, removed after its tests. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export interface ScratchFolder {
  readonly path: (name: string) => string;
  /** Writes a file and gives its path. */
  readonly file: (name: string, content: Uint8Array | string) => string;
}

export function scratchFolder(): ScratchFolder {
  const folder = mkdtempSync(join(tmpdir(), 'tblock-formats-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = (name: string) => join(folder, name);
  return {
    path,
    file: (name, content) => {
      writeFileSync(path(name), content);
      return path(name);
    },
  };
}
