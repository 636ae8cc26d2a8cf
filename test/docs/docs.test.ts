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
  'CONTRIBUTING.md',
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

test.each([...new Set(pages)])(
  'links of %s lead to files, and to headings that are there',
  (page) => {
    const links = [...withoutFences(textOf(page)).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !/^[a-z]+:/.test(link));
    const missing = links.filter((link) => {
      const [path = '', heading] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(root, target))) return true;
      return heading !== undefined && !headingsOf(textOf(target)).has(heading);
    });
    expect(missing).toEqual([]);
  },
);

/** The names under which headings can be linked to, as GitHub and VS Code make them. */
function headingsOf(markdown: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const titles = [...withoutFences(markdown).matchAll(/^#+ (.+)$/gm)].map(
    ([, title = '']) => title,
  );
  return new Set(
    titles.map((title) => {
      const name = title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-');
      const count = seen.get(name) ?? 0;
      seen.set(name, count + 1);
      return count === 0 ? name : `${name}-${count}`;
    }),
  );
}

function withoutFences(markdown: string): string {
  return markdown.replace(/^```.*?^```$/gms, '');
}

test('a link to a heading that is not there is found', () => {
  expect([...headingsOf('# A `b`, c!\n## D\n```\n# no\n```\n## D\n')]).toEqual([
    'a-b-c',
    'd',
    'd-1',
  ]);
});

describe('what CONTRIBUTING.md shows', () => {
  const diffs = [...textOf('CONTRIBUTING.md').matchAll(/^```diff\n(.*?)^```$/gms)].map(
    ([, diff = '']) => diff,
  );

  test('is how the operator, the diagnostic, the view and the model family were added', () => {
    expect(diffs.length).toBe(4);
    for (const input of diffs) {
      const take = ['apply', '--reverse', '--check', '-'];
      execFileSync('git', take, { cwd: root, input, stdio: ['pipe', 'ignore', 'pipe'] });
    }
  });

  test('are commands that there are', () => {
    const { scripts } = JSON.parse(textOf('package.json'));
    const named = [...textOf('CONTRIBUTING.md').matchAll(/npm (?:run )?([a-z:]+)/g)]
      .map(([, name = '']) => name)
      .filter((name) => !['ci', 'registry'].includes(name));
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

test('generated pages are what npm run docs writes', { timeout: 60_000 }, () => {
  execFileSync(process.execPath, [join(root, 'docs/generate.mjs'), '--check'], { stdio: 'pipe' });
});
