/** Documents say what is: examples check, links lead somewhere, generated pages are fresh. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analysis/index.ts';
import { diskFiles, uriOf } from '../../src/session/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const handWritten = [
  'README.md',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'docs/language.md',
  'docs/models.md',
];
const pages = [
  ...handWritten,
  ...readdirSync(join(root, 'docs')).flatMap((name) =>
    name.endsWith('.md') ? [`docs/${name}`] : [],
  ),
];
const textOf = (page: string) => readFileSync(join(root, page), 'utf8');

interface Fence {
  readonly place: string;
  readonly kind: string;
  readonly text: string;
}

const fences: readonly Fence[] = handWritten.flatMap((page) =>
  [...textOf(page).matchAll(/^```(tblock(?:-error)?)\n(.*?)^```$/gms)].map(
    ([all, kind = '', text = '']) => {
      const line = textOf(page).slice(0, textOf(page).indexOf(all)).split('\n').length;
      return { place: `${page}:${line}`, kind, text };
    },
  ),
);

function errorsIn(text: string): readonly string[] {
  const { diagnostics } = analyze(uriOf(join(root, 'docs', 'example.tblock')), text, diskFiles());
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code} ${message}`);
}

describe('examples', () => {
  test('there are some', () => {
    expect(fences.length).toBeGreaterThan(8);
  });

  test.each(fences.filter(({ kind }) => kind === 'tblock'))('$place checks', ({ text }) => {
    expect(errorsIn(text)).toEqual([]);
  });

  test.each(fences.filter(({ kind }) => kind === 'tblock-error'))(
    '$place has an error',
    ({ text }) => {
      expect(errorsIn(text)).not.toEqual([]);
    },
  );
});

test.each([...new Set(pages)])('links of %s lead to files', (page) => {
  const links = [...textOf(page).matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)].map(
    ([, link = '']) => link,
  );
  const local = links.filter((link) => !/^[a-z]+:/.test(link));
  const missing = local.filter((link) => !existsSync(join(root, dirname(page), link)));
  expect(missing).toEqual([]);
});

test('generated pages are what npm run docs writes', { timeout: 60_000 }, () => {
  execFileSync(process.execPath, [join(root, 'docs/generate.mjs'), '--check'], { stdio: 'pipe' });
});
