import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  folderOnDisk,
  type ReadingScope,
  resolvePath,
  uriOf,
  withheldFrom,
} from '../../src/files/index.ts';

let root = '';
const at = (path: string) => uriOf(join(root, path));
const program = () => at('workspace/models/program.tblock');
const trusted = (...folders: string[]): ReadingScope => ({
  isTrusted: true,
  folders: folders.map(at),
});

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'tblock-reach-'));
  for (const folder of ['workspace/models', 'workspace/data', 'elsewhere/deep']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  writeFileSync(join(root, 'elsewhere/x.npy'), '');
  symlinkSync(join(root, 'elsewhere'), join(root, 'workspace/data/link'));
  symlinkSync(join(root, 'workspace'), join(root, 'alias'));
});
afterAll(() => rmSync(root, { recursive: true }));

/** What becomes of a path as the program writes it. */
const read = (scope: ReadingScope | undefined, path: string) =>
  withheldFrom(scope, program(), resolvePath(program(), path));

describe('a program reads', () => {
  test('all that it names where nobody set a scope', () => {
    expect(read(undefined, '../../elsewhere/x.npy')).toBeUndefined();
  });

  test.each(['x.npy', './deep/y.npy', '../data/x.npy', '..names/x.npy', '.'])(
    'inside the workspace: %s',
    (path) => expect(read(trusted('workspace'), path)).toBeUndefined(),
  );

  test('beside itself, where no folder is open', () => {
    expect(read(trusted(), 'x.npy')).toBeUndefined();
    expect(read(trusted(), '../data/x.npy')).toBe('outside');
  });

  test('below a folder that the user picked, and by its absolute path', () => {
    expect(read(trusted('workspace', 'elsewhere'), join(root, 'elsewhere/deep/x.npy'))).toBe(
      undefined,
    );
  });

  test('the workspace by another name of its folder', () => {
    const scope = trusted('alias');
    expect(withheldFrom(scope, at('alias/models/p.tblock'), at('workspace/data/x.npy'))).toBe(
      undefined,
    );
  });
});

describe('a program does not read', () => {
  test.each(['../../elsewhere/x.npy', '../../elsewhere/absent.npy', '../../workspace2/x.npy'])(
    'outside of the workspace: %s',
    (path) => expect(read(trusted('workspace'), path)).toBe('outside'),
  );

  test('through a link that leads out of the workspace', () => {
    expect(read(trusted('workspace'), '../data/link/x.npy')).toBe('outside');
    expect(folderOnDisk(at('workspace/data/link/x.npy'))).toBe(at('elsewhere'));
  });

  test('anything in Restricted Mode', () => {
    const restricted = { isTrusted: false, folders: [at('workspace')] };
    expect(read(restricted, 'x.npy')).toBe('restricted');
  });

  test('what is above a folder of a virtual workspace', () => {
    const from = 'vscode-vfs://github/them/repo/models/p.tblock';
    const scope = { isTrusted: true, folders: ['vscode-vfs://github/them/repo'] };
    expect(withheldFrom(scope, from, resolvePath(from, '../blocks.tblock'))).toBeUndefined();
    expect(withheldFrom(scope, from, resolvePath(from, '../../other/blocks.tblock'))).toBe(
      'outside',
    );
  });
});

test('a program that was never saved has its paths below itself', () => {
  expect(resolvePath('untitled:Untitled-1', './x.npy')).toBe('untitled:Untitled-1/./x.npy');
  expect(withheldFrom(trusted(), 'untitled:Untitled-1', 'untitled:Untitled-1/./x.npy')).toBe(
    undefined,
  );
});

test.each([
  [
    'vscode-vfs://github/them/repo/p.tblock',
    './blocks.tblock',
    'vscode-vfs://github/them/repo/blocks.tblock',
  ],
  ['memfs:/models/p.tblock', '../blocks.tblock', 'memfs:/blocks.tblock'],
  ['memfs:/p.tblock', "it's (a) 100 %.tblock", 'memfs:/it%27s%20%28a%29%20100%20%25.tblock'],
])('beside %s, %s is %s, as the editor writes it', (from, path, uri) => {
  expect(resolvePath(from, path)).toBe(uri);
});
