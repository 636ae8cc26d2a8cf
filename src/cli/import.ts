/** `tblock import hf DIR`: a checkpoint of Hugging Face as a program beside it. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { importHuggingFace } from '../formats/index.ts';
import { type CommandIo, exitClean, exitErrors, WrongUse } from './command-io.ts';
import { type OptionSpec, readOptions } from './options.ts';

const options = {
  out: { kind: 'value' },
  force: { kind: 'switch' },
} satisfies Record<string, OptionSpec>;

/** Notes go to the error stream, so that `--out -` gives the program alone. */
export async function importModel(args: readonly string[], io: CommandIo): Promise<number> {
  const given = readOptions('import', args, options);
  const [kind, folder, ...more] = given.files;
  if (kind !== 'hf' || folder === undefined || more.length > 0) {
    throw new WrongUse('Name a folder with a config.json: tblock import hf DIR.');
  }
  const from = resolve(io.folder, folder);
  const out = given.value('out');
  const target = out === '-' ? undefined : resolve(io.folder, out ?? defaultFile(from));
  const way = target === undefined ? '' : wayFrom(dirname(target), from);
  const imported = importHuggingFace(from, { folderPath: way });
  if (!imported.ok) {
    io.err(`tblock import: ${imported.error.message}\n`);
    return imported.error.code === 'header' ? exitErrors : notReadable;
  }
  const { text, title, notes } = imported.value;
  for (const note of notes) io.err(`note: ${note}\n`);
  if (target === undefined) {
    io.out(text);
    return exitClean;
  }
  write(target, text, given.has('force'));
  io.err(`Wrote ${relative(io.folder, target) || target}: ${title}, and a run to begin with.\n`);
  return exitClean;
}

const notReadable = 2;

function defaultFile(folder: string): string {
  return join(folder, `${basename(folder)}.tblock`);
}

/** As programs write paths, with `/` at its end; nothing where both are the same folder. */
function wayFrom(program: string, folder: string): string {
  const way = relative(program, folder);
  return way === '' ? '' : `${way.split(sep).join('/')}/`;
}

function write(target: string, text: string, force: boolean): void {
  if (existsSync(target) && !force) {
    throw new WrongUse(`${target} is there already: name another with --out, or add --force.`);
  }
  try {
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WrongUse(`Cannot write ${target}: ${reason}`, { cause });
  }
}
