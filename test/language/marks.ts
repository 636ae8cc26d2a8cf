/** Places of a text as text, so that tests show what they expect. */
import type { Range, TextEdit } from 'vscode-languageserver/node.js';
import { LineMap } from '../../src/syntax/index.ts';

/** Each place as its line, with «the place» marked. */
export function marksOf(text: string, places: readonly { readonly range: Range }[]): string[] {
  const lines = text.split('\n');
  return places.map(({ range: { start, end } }) => {
    const line = lines[start.line] ?? '';
    return `${line.slice(0, start.character)}«${line.slice(start.character, end.character)}»${line.slice(end.character)}`;
  });
}

/** The text after edits, as an editor applies them. */
export function applied(text: string, edits: readonly TextEdit[] = []): string {
  const lines = new LineMap(text);
  const ordered = edits
    .map((edit) => ({
      start: lines.offsetAt(edit.range.start),
      end: lines.offsetAt(edit.range.end),
      newText: edit.newText,
    }))
    .sort((a, b) => b.start - a.start);
  return ordered.reduce(
    (now, { start, end, newText }) => now.slice(0, start) + newText + now.slice(end),
    text,
  );
}
