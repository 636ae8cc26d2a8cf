/** Arguments of a command: Node's parser, with messages that say the way out. */
import { parseArgs } from 'node:util';
import { WrongUse } from './command-io.ts';
import { hintFor } from './hint.ts';

/** `list`: takes every argument up to the next option, and may be repeated. */
export interface OptionSpec {
  readonly kind: 'switch' | 'value' | 'list';
  readonly short?: string;
}

export interface Options {
  readonly files: readonly string[];
  readonly has: (name: string) => boolean;
  readonly value: (name: string) => string | undefined;
  readonly list: (name: string) => readonly string[];
}

/** Throws WrongUse. */
export function readOptions(
  command: string,
  args: readonly string[],
  specs: Readonly<Record<string, OptionSpec>>,
): Options {
  const known = { ...specs, help: { kind: 'switch', short: 'h' } satisfies OptionSpec };
  const spread = spreadLists(args, known);
  refuseUnknown(command, spread, known);
  try {
    const { values, positionals } = parseArgs({
      args: spread,
      options: nodeOptions(known),
      allowPositionals: true,
    });
    return {
      files: positionals,
      has: (name) => values[name] === true,
      value: (name) => {
        const value = values[name];
        return typeof value === 'string' ? value : undefined;
      },
      list: (name) => {
        const value = values[name];
        return Array.isArray(value) ? value.map(String) : [];
      },
    };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new WrongUse(inOwnWords(command, error.message), { cause: error });
  }
}

/** One of a few words. */
export function choiceOf<const Choice extends string>(
  option: string,
  given: string | undefined,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  if (given === undefined) return choices[0];
  const choice = choices.find((each) => each === given);
  if (choice !== undefined) return choice;
  throw new WrongUse(`--${option} is one of ${choices.join(', ')}, not ${given}.`);
}

/** A whole number from `least` to `most`. */
export function wholeNumber(what: string, text: string, least: number, most: number): number {
  const value = /^\d[\d_]*$/.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new WrongUse(
    `${what} is a whole number from ${least} to ${most}, not ${text || 'nothing'}.`,
  );
}

/** `--print a b` as `--print=a --print=b`; a .tblock file is never a path. */
function spreadLists(
  args: readonly string[],
  specs: Readonly<Record<string, OptionSpec>>,
): string[] {
  const spread: string[] = [];
  let list: string | undefined;
  for (const [at, argument] of args.entries()) {
    if (argument === '--') return [...spread, ...args.slice(at)];
    const option = /^--([a-z-]+)$/.exec(argument)?.[1];
    if (option !== undefined && specs[option]?.kind === 'list') {
      list = option;
      const next = args[at + 1];
      // Left for the parser to complain of.
      if (next === undefined || next.startsWith('-')) spread.push(argument);
    } else if (argument.startsWith('-') || list === undefined || argument.endsWith('.tblock')) {
      list = undefined;
      spread.push(argument);
    } else {
      spread.push(`--${list}=${argument}`);
    }
  }
  return spread;
}

function refuseUnknown(
  command: string,
  args: string[],
  specs: Readonly<Record<string, OptionSpec>>,
): void {
  const { tokens } = parseArgs({
    args,
    options: nodeOptions(specs),
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option' || specs[token.name] !== undefined) continue;
    const names = Object.keys(specs);
    const near = hintFor(token.name, names, '--');
    throw new WrongUse(
      `There is no option ${token.rawName}.${near || ` See tblock ${command} --help.`}`,
    );
  }
}

function nodeOptions(specs: Readonly<Record<string, OptionSpec>>) {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { kind, short }]) => [
      name,
      {
        type: kind === 'switch' ? ('boolean' as const) : ('string' as const),
        multiple: kind === 'list',
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
}

function inOwnWords(command: string, message: string): string {
  const missing = /^Option '([^' ]*,? ?--[a-z-]+) <value>' argument missing/.exec(message)?.[1];
  if (missing !== undefined) return `${missing} needs a value. See tblock ${command} --help.`;
  const ambiguous = /^Option '([^' ]+)' argument is ambiguous/.exec(message)?.[1];
  if (ambiguous !== undefined) {
    return `${ambiguous} needs a value; one that begins with - is written ${ambiguous}=-….`;
  }
  return `${message.split('\n')[0]}. See tblock ${command} --help.`;
}
