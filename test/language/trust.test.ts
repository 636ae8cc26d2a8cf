/** Restricted Mode and paths out of the workspace, as the editor sees them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  CompletionItem,
  CompletionList,
  SymbolInformation,
} from 'vscode-languageserver/node.js';
import { uriOf } from '../../src/files/index.ts';
import { writeSafetensors } from '../../src/formats/index.ts';
import type { LanguageEvents } from '../../src/language/index.ts';
import { Editor } from './editor.ts';

const blocks = 'dims { width = 4 }\nblock Own(x: [width]) -> [width] { return x }\n';
const importing = `import { Own } from "./blocks.tblock"
block B(x: [width]) -> [width] { return Own(x) }
run r for B { weights = "w.safetensors" }
`;

let root = '';
let editor: Editor | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tblock-trust-'));
  mkdirSync(join(root, 'workspace'));
  for (const folder of [root, join(root, 'workspace')]) {
    writeFileSync(join(folder, 'blocks.tblock'), blocks);
    writeSafetensors(
      join(folder, 'w.safetensors'),
      new Map([['secret', { shape: [1], data: new Float32Array(1) }]]),
    );
  }
});
afterEach(() => {
  editor?.stop();
  rmSync(root, { recursive: true });
});

const uri = () => uriOf(join(root, 'workspace/program.tblock'));
const scope = (isTrusted: boolean) => ({ isTrusted, folders: [uriOf(join(root, 'workspace'))] });

async function open(isTrusted: boolean, text: string): Promise<Editor> {
  editor = await Editor.start({ scope: scope(isTrusted) });
  await editor.open(uri(), text);
  return editor;
}

async function labels(at: Editor, marked: string): Promise<readonly string[]> {
  const position = await at.open(uri(), marked);
  const list = await at.at<CompletionList | CompletionItem[]>(
    'textDocument/completion',
    uri(),
    position,
  );
  return (Array.isArray(list) ? list : list.items).map(({ label }) => label);
}

describe('in Restricted Mode', () => {
  it('one quiet message says what is not read, and what it would declare is taken on faith', async () => {
    const restricted = await open(false, importing);

    const [found, ...others] = await restricted.diagnostics(uri(), ({ length }) => length > 0);

    expect(others).toEqual([]);
    expect(found?.code).toBe('TB214');
    expect(found?.message).toBe(
      'Restricted Mode: ./blocks.tblock and 1 other file are not read until you trust this folder.',
    );
  });

  it('mistakes of the text itself are found', async () => {
    const restricted = await open(false, 'block B(x: [4], W: [5]) -> [4] { return x + W }');

    const [found] = await restricted.diagnostics(uri(), ({ length }) => length > 0);

    expect(found?.code).toBe('TB101');
  });

  it('completion names neither files nor the tensors in them', async () => {
    const restricted = await open(false, '');

    expect(await labels(restricted, 'import { Own } from "./‸"')).toEqual([]);
    expect(await labels(restricted, 'weights w = "w.safetensors" {\n  a <- "‸"\n}')).toEqual([]);
  });

  it('symbols are those of the open file', async () => {
    const restricted = await open(false, 'block Mine(x: [4]) -> [4] { return x }');
    await restricted.diagnostics(uri());

    const found = await restricted.connection.sendRequest<SymbolInformation[]>('workspace/symbol', {
      query: '',
    });

    expect(found.map(({ name }) => name)).toEqual(['Mine']);
  });

  it('everything wakes up when the folder is trusted', async () => {
    const restricted = await open(false, importing);
    await restricted.diagnostics(uri(), ({ length }) => length > 0);

    const event: LanguageEvents['tblock/scope'] = scope(true);
    await restricted.connection.sendNotification('tblock/scope', event);

    await restricted.diagnostics(uri(), ({ length }) => length === 0);
    expect(await labels(restricted, 'import { Own } from "./‸"')).toEqual(['./blocks.tblock']);
    expect(await labels(restricted, 'weights w = "w.safetensors" {\n  a <- "‸"\n}')).toEqual([
      'secret',
    ]);
  });
});

describe('a path out of the workspace', () => {
  const outwards = importing.replace('./blocks', '../blocks').replace('w.safe', '../w.safe');

  it('is an error at each place, and the editor is told of the files', async () => {
    editor = await Editor.start({ scope: scope(true) });
    const told = new Promise<{ files: string[] }>((done) => {
      editor?.connection.onNotification('tblock/outside', done);
    });
    await editor.open(uri(), outwards);

    const found = await editor.diagnostics(uri(), ({ length }) => length === 2);

    expect(found.map(({ code, range }) => [code, range.start.line])).toEqual([
      ['TB213', 0],
      ['TB213', 2],
    ]);
    expect((await told).files).toContain(uriOf(join(root, 'blocks.tblock')));
  });

  it('is followed once its folder is allowed', async () => {
    const trusted = await open(true, outwards);
    await trusted.diagnostics(uri(), ({ length }) => length === 2);

    const folders = [...scope(true).folders, uriOf(root)];
    await trusted.connection.sendNotification('tblock/scope', { isTrusted: true, folders });

    await trusted.diagnostics(uri(), ({ length }) => length === 0);
  });

  it('offers no names from out there', async () => {
    const trusted = await open(true, '');

    expect(await labels(trusted, 'import { Own } from "../‸"')).toEqual([]);
    expect(await labels(trusted, 'weights w = "../w.safetensors" {\n  a <- "‸"\n}')).toEqual([]);
  });
});

it('a file of a virtual workspace is read by the editor, and its text goes along with a run', async () => {
  const folder = 'vscode-vfs://github/them/repo';
  const texts: Record<string, string> = { [`${folder}/blocks.tblock`]: blocks };
  const program = `${folder}/program.tblock`;
  editor = await Editor.start({ scope: { isTrusted: true, folders: [folder] } });
  editor.connection.onRequest('tblock/readText', ({ uri: asked }) => texts[asked] ?? null);
  await editor.open(program, importing.replace(/run.*/, ''));

  await editor.diagnostics(program, ({ length }) => length === 0);

  expect(await editor.connection.sendRequest('tblock/virtualTexts', { uri: program })).toEqual(
    texts,
  );
});
