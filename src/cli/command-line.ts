/** `tblock` in a terminal and in CI: which command, and what its exit code is. */
import { readFileSync } from 'node:fs';
import { check } from './check.ts';
import { type CommandIo, exitClean, exitWrongUse, WrongUse } from './command-io.ts';
import { format } from './format.ts';
import { checkHelp, formatHelp, generalHelp, importHelp, runHelp } from './help.ts';
import { hintFor } from './hint.ts';
import { importModel } from './import.ts';
import { run } from './run.ts';

export type { CommandIo } from './command-io.ts';

interface Command {
  readonly help: string;
  /** Resolves to the exit code. Throws WrongUse. */
  readonly start: (args: readonly string[], io: CommandIo) => Promise<number>;
}

const commands: Readonly<Record<string, Command>> = {
  check: { help: checkHelp, start: check },
  fmt: { help: formatHelp, start: format },
  run: { help: runHelp, start: run },
  import: { help: importHelp, start: importModel },
};

/** Resolves to the exit code; rejects only for a bug. */
export async function commandLine(argv: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined) {
    io.err(generalHelp);
    return exitWrongUse;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    io.out(commands[args[0] ?? '']?.help ?? generalHelp);
    return exitClean;
  }
  if (name === '--version' || name === '-v') {
    io.out(`${packageVersion()}\n`);
    return exitClean;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    const what = name.startsWith('-') ? 'option' : 'command';
    const hint = hintFor(name, [...Object.keys(commands), '--help', '--version']);
    io.err(`tblock: there is no ${what} ${name}.${hint || ' See tblock --help.'}\n`);
    return exitWrongUse;
  }
  if (asksForHelp(args)) {
    io.out(command.help);
    return exitClean;
  }
  try {
    return await command.start(args, io);
  } catch (error) {
    if (!(error instanceof WrongUse)) throw error;
    io.err(`tblock ${name}: ${error.message}\n`);
    return exitWrongUse;
  }
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? args.length : end).some((arg) => arg === '--help' || arg === '-h');
}

/** From the package that this file is built into. */
function packageVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const known = typeof content === 'object' && content !== null && 'version' in content;
  return known ? String(content.version) : '';
}
