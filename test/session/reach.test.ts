/** What a run reads of the disk when the editor says how far it may reach. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEngine } from '../../src/engine/index.ts';
import { writeNpy } from '../../src/formats/index.ts';
import { uriOf } from '../../src/session/index.ts';
import { Session } from '../../src/session/session.ts';
import type { RunOutcome, RunRequest } from '../../src/views/index.ts';

let root = '';
const session = new Session(openEngine({}));

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'tblock-session-reach-'));
  mkdirSync(join(root, 'workspace'));
  mkdirSync(join(root, 'elsewhere'));
  writeNpy(join(root, 'elsewhere/x.npy'), { shape: [2], data: Float64Array.of(1, 2) });
  writeFileSync(join(root, 'elsewhere/own.tblock'), 'block Own(x: [2]) -> [2] { return x }\n');
  symlinkSync(join(root, 'elsewhere/x.npy'), join(root, 'workspace/link.npy'));
});
afterAll(async () => {
  await session.close();
  rmSync(root, { recursive: true });
});

function run(text: string, allowed: readonly string[] = []): Promise<RunOutcome> {
  const uri = uriOf(join(root, 'workspace/program.tblock'));
  const request: RunRequest = {
    uri,
    documents: { [uri]: text },
    backend: 'cpu',
    scope: {
      isTrusted: true,
      folders: ['workspace', ...allowed].map((folder) => uriOf(join(root, folder))),
    },
  };
  return session.run(request, () => {});
}

const reads = (file: string) =>
  `block B(x: [2]) -> [2] { return x + x }\nrun r for B { x = "${file}" }\n`;

test.each(['../elsewhere/x.npy', 'link.npy'])('%s is refused, and named', async (file) => {
  const outcome = await run(reads(file));

  expect(outcome.kind).toBe('rejected');
  if (outcome.kind !== 'rejected') return;
  expect(outcome.problems.map(({ code }) => code)).toEqual(['TB213']);
  expect(outcome.outside).toHaveLength(1);
});

test('it is read once its folder is allowed', async () => {
  expect(await run(reads('../elsewhere/x.npy'), ['elsewhere'])).toMatchObject({ kind: 'done' });
  expect(await run(reads('link.npy'), ['elsewhere'])).toMatchObject({ kind: 'done' });
});

test('an import out of the workspace is refused where it stands', async () => {
  const text =
    'import { Own } from "../elsewhere/own.tblock"\nblock B(x: [2]) -> [2] { return Own(x) }\n';

  const outcome = await run(text);

  expect(outcome).toMatchObject({
    kind: 'rejected',
    problems: [{ code: 'TB213', source: { start: 20 } }],
    outside: [uriOf(join(root, 'elsewhere/own.tblock'))],
  });
});

test.each([
  ['untitled:Untitled-1', /never saved.*Save it first/],
  ['vscode-vfs://github/them/repo/p.tblock', /virtual workspace.*copy of the folder on a disk/],
])('%s has no numbers on a disk, and says so', async (uri, message) => {
  const folder = uri.replace(/\/[^/]*$/, '');
  const outcome = await session.run(
    {
      uri,
      documents: { [uri]: reads('x.npy') },
      backend: 'cpu',
      scope: { isTrusted: true, folders: [folder] },
    },
    () => {},
  );

  expect(outcome).toMatchObject({ kind: 'rejected', problems: [{ code: 'TB205' }] });
  if (outcome.kind === 'rejected') expect(outcome.problems[0]?.message).toMatch(message);
});
