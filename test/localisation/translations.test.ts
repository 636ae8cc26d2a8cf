/** English is the source; every text of it can be said in Portuguese, and nothing else is there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bareSentencesIn, messagesIn, root } from '../../docs/messages.mjs';

const read = (file: string): Readonly<Record<string, string>> =>
  JSON.parse(readFileSync(join(root, file), 'utf8'));

/** `{0}`, `command:tblock.run` and what stands in backquotes: what a translation must leave as it is. */
function fixedParts(text: string): readonly string[] {
  return [...text.matchAll(/\{\d+\}|\(command:[^)]*\)/g)].map(([part]) => part).sort();
}

describe.each([
  ['l10n/bundle.l10n.json', 'l10n/bundle.l10n.pt-br.json'],
  ['package.nls.json', 'package.nls.pt-br.json'],
])('%s', (sourceFile, translationFile) => {
  const [source, translation] = [read(sourceFile), read(translationFile)];

  test('has every text in Portuguese, and no other', () => {
    expect(Object.keys(translation).sort()).toEqual(Object.keys(source).sort());
  });

  test.each(Object.keys(source))('%s', (key) => {
    expect(translation[key]).not.toBe('');
    expect(fixedParts(translation[key] ?? '')).toEqual(fixedParts(source[key] ?? ''));
  });
});

test('every text of the manifest is in package.nls.json, and every one of those is used', () => {
  const manifest = readFileSync(join(root, 'package.json'), 'utf8');
  const used = [...manifest.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key);
  expect([...new Set(used)].sort()).toEqual(Object.keys(read('package.nls.json')).sort());
});

test('no title, description or label of the manifest is written in place', () => {
  const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const names = ['title', 'shortTitle', 'description', 'markdownDescription', 'name', 'altText'];
  const written: string[] = [];
  JSON.stringify(contributes, (key, value) => {
    if (names.includes(key) && typeof value === 'string' && !value.startsWith('%')) {
      written.push(value);
    }
    return value;
  });
  expect(written).toEqual([]);
});

/** In a terminal and in the log all is English; what an import writes into a file is the program's own documentation. */
const english = /^src\/(cli|formats\/hf)\//;
/** Every source is parsed. */
const patient = { timeout: 60_000 };
const logged = ['{0} was stopped.'];

test('every sentence that is shown is a text of the table: write it as t`…`', patient, () => {
  const bare = bareSentencesIn('src').filter(
    ({ place, text }) => !english.test(place) && !logged.includes(text),
  );
  expect(bare).toEqual([]);
});

test(
  'no text has a placeholder within braces, which the format cannot tell from its own',
  patient,
  () => {
    const wrong = messagesIn('src').filter(({ text }) => /\{[^}]*\{\d/.test(text));
    expect(wrong).toEqual([]);
  },
);
