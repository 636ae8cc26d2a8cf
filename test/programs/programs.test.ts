/**
 * Programs with what the command line says of them beside each: `check`, and where that finds no errors also `run`
 * of every run in the file. A changed text is read before it is accepted: `npx vitest run -u`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { commandLine } from '../../src/cli/index.ts';

const folder = dirname(fileURLToPath(import.meta.url));
const kinds = ['good', 'syntax-error', 'name-error', 'shape-error', 'run-error', 'design'] as const;

/** What a command prints, its streams in order, without what differs from run to run. */
async function printed(...argv: readonly string[]): Promise<string> {
  let text = `$ tblock ${argv.join(' ')}\n`;
  const add = (more: string) => {
    text += more;
  };
  const code = await commandLine(argv, {
    out: add,
    err: add,
    folder,
    environment: {},
    style: 'plain',
    signal: new AbortController().signal,
  });
  const stable = text.replaceAll(`${folder}/`, '').replace(/^time: .*$/gm, 'time: …');
  return `${stable}exit code ${code}\n`;
}

describe.each(kinds)('%s', (kind) => {
  const files = readdirSync(join(folder, kind)).filter((name) => name.endsWith('.tblock'));

  test.each(files)('%s', async (name) => {
    const file = `${kind}/${name}`;
    const commands = [['check', file]];
    if (kind === 'good' || kind === 'run-error') {
      const text = readFileSync(join(folder, file), 'utf8');
      const runs = [...text.matchAll(/^run (\w+)/gm)].map(([, run = '']) => ['--run', run]);
      for (const choice of runs.length > 0 ? runs : [[]]) {
        commands.push(['run', file, '--backend', 'reference', ...choice]);
      }
    }
    const texts: string[] = [];
    for (const command of commands) texts.push(await printed(...command));
    const beside = join(folder, kind, name.replace(/tblock$/, 'txt'));
    await expect(texts.join('\n')).toMatchFileSnapshot(beside);
  });
});

test('every text has its program', () => {
  for (const kind of kinds) {
    const names = new Set(readdirSync(join(folder, kind)));
    const texts = [...names].filter((name) => name.endsWith('.txt'));
    const lonely = texts.filter((name) => !names.has(name.replace(/txt$/, 'tblock')));
    expect(lonely).toEqual([]);
  }
});
