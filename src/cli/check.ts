/** `tblock check`: everything that is known of the files without running them. */
import { totalmem } from 'node:os';
import { analyze, findingsOf } from '../analysis/index.ts';
import { diskFiles } from '../session/index.ts';
import { type CommandIo, exitClean, exitErrors, exitWrongUse, WrongUse } from './command-io.ts';
import {
  countText,
  type Finding,
  findingData,
  findingOf,
  findingText,
  githubText,
} from './findings.ts';
import { choiceOf, type OptionSpec, readOptions } from './options.ts';
import { placesIn } from './places.ts';
import { readProgram } from './program-file.ts';
import { sarifOf } from './sarif.ts';
import { paintFor } from './style.ts';

const formats = ['text', 'json', 'sarif', 'github'] as const;
const options = { format: { kind: 'value' } } satisfies Record<string, OptionSpec>;

export async function check(args: readonly string[], io: CommandIo): Promise<number> {
  const given = readOptions('check', args, options);
  const format = choiceOf('format', given.value('format'), formats);
  if (given.files.length === 0) {
    throw new WrongUse('Name a file: tblock check model.tblock.');
  }
  const findings: Finding[] = [];
  let unreadable = 0;
  for (const file of given.files) {
    try {
      findings.push(...findingsIn(file, io));
    } catch (error) {
      if (!(error instanceof WrongUse)) throw error;
      // The other files are checked all the same.
      io.err(`tblock check: ${error.message}\n`);
      unreadable += 1;
    }
  }
  report(format, findings, given.files.length, io);
  if (unreadable > 0) return exitWrongUse;
  return findings.some(({ severity }) => severity === 'error') ? exitErrors : exitClean;
}

function findingsIn(file: string, io: CommandIo): readonly Finding[] {
  const { uri, text } = readProgram(file, io);
  const analysis = analyze(uri, text, diskFiles());
  const at = placesIn(analysis, io.folder);
  return findingsOf(analysis, { memory: totalmem() }).map((found) => findingOf(found, at));
}

function report(
  format: (typeof formats)[number],
  findings: readonly Finding[],
  files: number,
  io: CommandIo,
): void {
  switch (format) {
    case 'text': {
      const paint = paintFor(io);
      for (const finding of findings) io.out(findingText(finding, paint));
      io.err(`${files} ${files === 1 ? 'file' : 'files'}: ${countText(findings)}\n`);
      return;
    }
    case 'json':
      io.out(`${JSON.stringify({ diagnostics: findings.map(findingData) }, null, 2)}\n`);
      return;
    case 'sarif':
      io.out(`${JSON.stringify(sarifOf(findings), null, 2)}\n`);
      return;
    case 'github':
      for (const finding of findings) io.out(githubText(finding));
      return;
  }
}
