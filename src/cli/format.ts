/** `tblock fmt`: files as the editor formats them. */
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { formatted, parseProgram } from '../syntax/index.ts';
import { type CommandIo, exitClean, exitErrors, exitWrongUse, WrongUse } from './command-io.ts';
import { type OptionSpec, readOptions } from './options.ts';
import { readProgram } from './program-file.ts';

const options = { check: { kind: 'switch' } } satisfies Record<string, OptionSpec>;

export async function format(args: readonly string[], io: CommandIo): Promise<number> {
  const given = readOptions('fmt', args, options);
  if (given.files.length === 0) throw new WrongUse('Name a file: tblock fmt model.tblock.');
  const files = given.files.flatMap((file) => programsAt(file, io));
  const changed: string[] = [];
  let unreadable = 0;
  let broken = 0;
  for (const file of files) {
    try {
      const { text } = readProgram(file, io);
      const result = formatted(text);
      if (parseProgram(text).syntaxErrors.length > 0) {
        io.err(`${file} has syntax errors; the declarations with them stay as they are.\n`);
        broken += 1;
      }
      if (result === text) continue;
      changed.push(file);
      if (!given.has('check')) writeFileSync(resolve(io.folder, file), result);
    } catch (error) {
      if (!(error instanceof WrongUse)) throw error;
      // The other files are formatted all the same.
      io.err(`tblock fmt: ${error.message}\n`);
      unreadable += 1;
    }
  }
  for (const file of changed) io.out(`${file}\n`);
  const verb = given.has('check') ? 'to be formatted' : 'formatted';
  io.err(`${changed.length} of ${files.length} ${files.length === 1 ? 'file' : 'files'} ${verb}\n`);
  if (unreadable > 0) return exitWrongUse;
  return (given.has('check') && changed.length > 0) || broken > 0 ? exitErrors : exitClean;
}

/** The programs of a folder, or the file itself. */
function programsAt(file: string, { folder }: CommandIo): readonly string[] {
  const path = resolve(folder, file);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [file];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tblock') && !/(^|[\\/])node_modules[\\/]/.test(name))
    .sort()
    .map((name) => join(file, name));
}
