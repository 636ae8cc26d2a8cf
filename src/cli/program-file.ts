/** A program from the disk. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { uriOf } from '../session/index.ts';
import { type CommandIo, WrongUse } from './command-io.ts';

export interface ProgramFile {
  readonly uri: string;
  readonly text: string;
}

/** Throws WrongUse where it cannot be read. */
export function readProgram(file: string, { folder }: CommandIo): ProgramFile {
  const path = resolve(folder, file);
  try {
    return { uri: uriOf(path), text: readFileSync(path, 'utf8') };
  } catch (error) {
    throw new WrongUse(`${file} cannot be read: ${reasonOf(error)}.`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a folder; name a .tblock file in it';
    case 'EACCES':
      return 'this user may not read it';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
