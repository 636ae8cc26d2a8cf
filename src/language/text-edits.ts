/** Changes of a text: applied to it, and followed by places in it. */
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver/node.js';
import { LineMap } from '../syntax/index.ts';

/** The text after an editor's changes, each of which is told in places of the text that the one before left. */
export function changedText(
  text: string,
  changes: readonly TextDocumentContentChangeEvent[],
): string {
  return changes.reduce((now, change) => {
    if (!('range' in change)) return change.text;
    const lines = new LineMap(now);
    const [start, end] = [lines.offsetAt(change.range.start), lines.offsetAt(change.range.end)];
    return now.slice(0, start) + change.text + now.slice(end);
  }, text);
}

/** Where an offset of one text is in another, judged by what both begin and end with; undefined inside what differs. */
export function offsetMap(before: string, now: string): (offset: number) => number | undefined {
  const shortest = Math.min(before.length, now.length);
  let start = 0;
  while (start < shortest && before.charCodeAt(start) === now.charCodeAt(start)) start += 1;
  let end = 0;
  while (
    end < shortest - start &&
    before.charCodeAt(before.length - 1 - end) === now.charCodeAt(now.length - 1 - end)
  ) {
    end += 1;
  }
  return (offset) => {
    if (offset <= start) return offset;
    return offset >= before.length - end ? offset + now.length - before.length : undefined;
  };
}
