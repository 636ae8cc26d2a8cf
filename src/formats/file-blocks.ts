/** Ranges of files, read and written in blocks of bounded size, with what the system refuses as values. */

import { closeSync, fstatSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { t } from '@vscode/l10n';
import { type FormatError, readError, writeError } from './format-error.ts';
import { fail, type Result, succeed } from './result.ts';

/** A multiple of every element's size, so that no element lies across two blocks of a tensor. */
const blockBytes = 4 * 1024 * 1024;

/** The length in bytes of a plain file. Folders, pipes and devices are `unreadable`: reading them may never end. */
export function fileLength(path: string): Result<number, FormatError> {
  try {
    const found = statSync(path);
    return found.isFile() ? succeed(found.size) : fail(notPlain(path));
  } catch (cause) {
    return fail(refusedRead(path, cause));
  }
}

/** What changes when the file does; empty where it cannot be looked at, which opening it will say. */
export function fileVersion(path: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(path);
    return `${ino} ${size} ${mtimeMs}`;
  } catch (cause) {
    systemError(cause);
    return '';
  }
}

/**
 * Visits `length` bytes from `start`, block by block. `at` is the position of the block in the range.
 * The block is only valid during the visit. A visit that returns an error ends the reading with it.
 */
export function readBlocks(
  path: string,
  start: number,
  length: number,
  visit: (block: Uint8Array, at: number) => FormatError | undefined,
): Result<undefined, FormatError> {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    if (!fstatSync(file).isFile()) return fail(notPlain(path));
    const buffer = new Uint8Array(Math.min(length, blockBytes));
    for (let at = 0; at < length; at += blockBytes) {
      const block = buffer.subarray(0, Math.min(blockBytes, length - at));
      if (readFully(file, block, start + at) < block.length) return fail(cutShort(path));
      const error = visit(block, at);
      if (error) return fail(error);
    }
    return succeed(undefined);
  } catch (cause) {
    return fail(refusedRead(path, cause));
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** `length` bytes from `start`, in memory. The caller has checked that the file is that long. */
export function readBytes(
  path: string,
  start: number,
  length: number,
): Result<Uint8Array, FormatError> {
  const bytes = new Uint8Array(length);
  const read = readBlocks(path, start, length, (block, at) => {
    bytes.set(block, at);
    return undefined;
  });
  return read.ok ? succeed(bytes) : read;
}

/** Writes the parts one after the other, replacing what the file held. */
export function writeParts(
  path: string,
  parts: Iterable<Uint8Array>,
): Result<undefined, FormatError> {
  let file: number | undefined;
  try {
    file = openSync(path, 'w');
    for (const part of parts) {
      let at = 0;
      while (at < part.length)
        at += writeSync(file, part, at, Math.min(blockBytes, part.length - at));
    }
    return succeed(undefined);
  } catch (cause) {
    return fail(
      writeError(
        'unwritable',
        path,
        systemError(cause).message,
        t`Check that the folder exists, can be written and has room.`,
      ),
    );
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** A read may give less than asked for; only 0 is the end of the file. */
function readFully(file: number, target: Uint8Array, position: number): number {
  let done = 0;
  while (done < target.length) {
    const count = readSync(file, target, done, target.length - done, position + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

function notPlain(path: string): FormatError {
  return readError('unreadable', path, t`it is not a plain file`, t`Name a file.`);
}

function cutShort(path: string): FormatError {
  return readError(
    'truncated',
    path,
    t`the file became shorter while it was being read`,
    t`Wait until it is written, then try again.`,
  );
}

function refusedRead(path: string, cause: unknown): FormatError {
  const { code, message } = systemError(cause);
  return code === 'ENOENT' || code === 'ENOTDIR'
    ? readError('missing', path, t`there is no such file`, t`Check the path and its folder.`)
    : readError('unreadable', path, message, t`Check that you may read the file.`);
}

/** What Node's file functions throw; anything else is a bug and goes on its way. */
function systemError(cause: unknown): { readonly code: string; readonly message: string } {
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') {
    return { code: cause.code, message: cause.message };
  }
  throw cause;
}
