import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Diagnostic, DocumentSymbol, LogMessageParams } from 'vscode-languageserver/node.js';
import { LineMap } from '../../src/syntax/index.ts';
import { Editor } from './editor.ts';

const folder = new URL('../../examples/', import.meta.url);
const examples = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.tblock'))
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));

let editor: Editor;
/** What went wrong in the server: a feature that fails says so in the log and answers nothing. */
const failures: string[] = [];
beforeAll(async () => {
  editor = await Editor.start();
  editor.connection.onNotification('window/logMessage', ({ type, message }: LogMessageParams) => {
    if (type === 1) failures.push(message);
  });
});
afterAll(() => editor.stop());

const whole = { start: { line: 0, character: 0 }, end: { line: 9999, character: 0 } };

/** Asks for everything that an editor asks for, at a few places. */
async function askEverything(uri: string, text: string, offsets: readonly number[]): Promise<void> {
  const ask = (method: string, params: object = {}) =>
    editor.connection.sendRequest(method, { textDocument: { uri }, ...params });
  const lines = new LineMap(text);
  const options = { tabSize: 2, insertSpaces: true };
  await Promise.all([
    ask('textDocument/foldingRange'),
    ask('textDocument/codeLens'),
    ask('textDocument/semanticTokens/full'),
    ask('textDocument/inlayHint', { range: whole }),
    ask('textDocument/formatting', { options }),
    ...offsets.flatMap((offset) => {
      const position = lines.positionAt(offset);
      const end = lines.positionAt(offset + 30);
      return [
        ask('textDocument/completion', { position }),
        ask('textDocument/hover', { position }),
        ask('textDocument/signatureHelp', { position }),
        ask('textDocument/definition', { position }),
        ask('textDocument/references', { position, context: { includeDeclaration: true } }),
        ask('textDocument/documentHighlight', { position }),
        ask('textDocument/selectionRange', { positions: [position] }),
        ask('textDocument/codeAction', {
          range: { start: position, end },
          context: { diagnostics: [] },
        }),
      ];
    }),
  ]);
}

interface OutlineEntry {
  readonly name: string;
  readonly line: number;
}

const outlineOf = async (uri: string): Promise<readonly OutlineEntry[]> =>
  (await editor.in<DocumentSymbol[]>('textDocument/documentSymbol', uri)).map(
    ({ name, selectionRange }) => ({ name, line: selectionRange.start.line }),
  );

describe.each(examples)('$name', ({ name, text }) => {
  const uri = `file:///${name}`;
  const lines = text.split('\n');
  // Every place and line of the long ones would take as long as all others together; the analysis tries every line.
  const isLong = name.includes('/');

  test('with any one line deleted everything answers, and the outline and other diagnostics stay', async () => {
    await editor.open(uri, text);
    const before = await editor.diagnostics(uri);
    const outline = await outlineOf(uri);
    for (let deleted = 0; deleted < lines.length; deleted += isLong ? 5 : 1) {
      const rest = lines.filter((_, i) => i !== deleted).join('\n');
      await editor.change(uri, rest);
      const at = lines.slice(0, deleted).join('\n').length;
      await askEverything(uri, rest, [at, Math.min(rest.length, at + 12)]);

      const now = await editor.diagnostics(uri);
      const own = declarationAround(lines, deleted);
      const what = `without line ${deleted + 1}: ${lines[deleted]}`;
      expect(missing(before, now, lines, deleted), what).toEqual([]);
      const kept = (await outlineOf(uri)).map(({ name }) => name);
      // A declaration that loses its own first line may have no name left.
      const others = outline.filter(({ line }) => line !== deleted && !isInside(line, own));
      expect(kept, what).toEqual(expect.arrayContaining(others.map(({ name }) => name)));
    }
    expect(failures).toEqual([]);
  }, 120_000);

  test('as far as any place in it everything answers', async () => {
    await editor.open(uri, '');
    for (let length = 0; length <= text.length; length += isLong ? 55 : 11) {
      const prefix = text.slice(0, length);
      await editor.change(uri, prefix);
      await askEverything(uri, prefix, [length]);
    }
    expect(failures).toEqual([]);
  }, 120_000);
});

/** First and last line of the declaration that a line belongs to. */
function declarationAround(lines: readonly string[], line: number): readonly [number, number] {
  const begins = (i: number) => /^(?:dims|block|model|run|weights|import)\b/.test(lines[i] ?? '');
  let first = line;
  while (first > 0 && !begins(first)) first -= 1;
  let last = line + 1;
  while (last < lines.length && !begins(last)) last += 1;
  return [first, last];
}

const isInside = (line: number, [first, last]: readonly [number, number]) =>
  first <= line && line < last;

/** Errors of other declarations that are not reported any more. Without its dims a file means something else. */
function missing(
  before: readonly Diagnostic[],
  now: readonly Diagnostic[],
  lines: readonly string[],
  deleted: number,
): readonly string[] {
  const own = declarationAround(lines, deleted);
  if (lines[own[0]]?.startsWith('dims')) return [];
  return before
    .filter(({ severity, range }) => severity === 1 && !isInside(range.start.line, own))
    .filter(({ code, range }) => {
      const line = range.start.line - (range.start.line > deleted ? 1 : 0);
      return !now.some((each) => each.code === code && each.range.start.line === line);
    })
    .map(({ message }) => message);
}
