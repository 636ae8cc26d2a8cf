import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildCommand, tblock } from './bundled-command.ts';

const messy = 'dims{N=2}\nblock B(x:[N])->[N]{\nreturn x\n}';
const tidy = 'dims { N = 2 }\nblock B(x: [N]) -> [N] {\n  return x\n}\n';

let folder = '';
const path = (name: string) => join(folder, name);
const written = (name: string) => readFileSync(path(name), 'utf8');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tblock-fmt-'));
  await buildCommand();
}, 60_000);
beforeEach(() => {
  writeFileSync(path('messy.tblock'), messy);
  writeFileSync(path('tidy.tblock'), tidy);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('fmt formats files, and says which changed', async () => {
  const { code, out } = await tblock(['fmt', path('messy.tblock'), path('tidy.tblock')]);

  expect({ code, out }).toEqual({ code: 0, out: `${path('messy.tblock')}\n` });
  expect(written('messy.tblock')).toBe(tidy);
});

test('fmt --check changes nothing and ends with 1 where something would', async () => {
  const { code, out, err } = await tblock(['fmt', '--check', folder]);

  expect({ code, out }).toEqual({ code: 1, out: `${path('messy.tblock')}\n` });
  expect(err).toContain('1 of 2 files to be formatted');
  expect(written('messy.tblock')).toBe(messy);
  expect((await tblock(['fmt', '--check', path('tidy.tblock')])).code).toBe(0);
});

test('fmt leaves what does not parse as it is, formats the rest, and ends with 1', async () => {
  writeFileSync(path('messy.tblock'), `model M {\n      x = = 2\n}\n${messy}`);

  const { code, err } = await tblock(['fmt', path('messy.tblock')]);

  expect(code).toBe(1);
  expect(err).toContain('has syntax errors');
  expect(written('messy.tblock')).toBe(`model M {\n      x = = 2\n}\n${tidy}`);
});

test('fmt of what is not there ends with 2', async () => {
  expect((await tblock(['fmt', path('nothing.tblock')])).code).toBe(2);
});
