/** Every template of TBlock: New File… is written as the formatter writes it, checks without a word, and runs. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { analyze } from '../../src/analysis/index.ts';
import { openEngine } from '../../src/engine/index.ts';
import { diskFiles, runProgram } from '../../src/session/index.ts';
import { formatted } from '../../src/syntax/index.ts';

const folder = fileURLToPath(new URL('../../media/templates/', import.meta.url));
// As the editor opens it: not saved, beside the files of a folder.
const uri = 'untitled:/programs/template.tblock';
const engine = openEngine({});
afterAll(() => engine.close());

const templates = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(`${folder}${name}`, 'utf8'),
}));

describe.each(templates)('$name', ({ text }) => {
  const { diagnostics, targets } = analyze(uri, text, diskFiles());

  test('has nothing to mend', () => {
    expect(diagnostics).toEqual([]);
    expect(formatted(text)).toBe(text);
  });

  test.each(targets.filter(({ kind }) => kind === 'run').map(({ name }) => name))(
    'run %s meets its expectations',
    async (target) => {
      const outcome = await runProgram(
        engine,
        { uri, text, files: diskFiles(), target, backend: 'cpu' },
        { signal: new AbortController().signal, progress: () => {} },
      );
      if (outcome.kind === 'rejected') expect.fail(outcome.diagnostics[0]?.message);
      expect(outcome.trace.expectations.filter(({ passed }) => !passed)).toEqual([]);
      expect(outcome.trace.streams.length).toBeGreaterThan(0);
      outcome.dispose();
    },
  );
});

test('the extension offers each of them', () => {
  const listed = readFileSync(new URL('../../src/extension/templates.ts', import.meta.url), 'utf8');
  const [, offered = ''] = listed.split('export const templates');
  for (const { name } of templates) expect(offered).toContain(`'${name.replace('.tblock', '')}'`);
});
