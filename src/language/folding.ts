/** Folding, and selections that grow by what belongs together. */
import {
  type FoldingRange,
  FoldingRangeKind,
  type SelectionRange,
} from 'vscode-languageserver/node.js';
import { rangeOf, scan, type TextRange } from '../syntax/index.ts';
import { type Feature, rangeIn } from './feature.ts';
import type { OpenProgram } from './program-store.ts';

export const folding: Feature = {
  name: 'folding',
  capabilities: { foldingRangeProvider: true, selectionRangeProvider: true },
  attach: ({ connection, programs, guarded }) => {
    connection.onFoldingRanges(
      guarded('folding', [], ({ textDocument }) => {
        const program = programs.program(textDocument.uri);
        return program === undefined ? [] : foldsIn(program);
      }),
    );
    connection.onSelectionRanges(
      guarded('selection', [], ({ textDocument, positions }) => {
        const program = programs.program(textDocument.uri);
        if (program === undefined) return [];
        return positions.map((position) => selectionAt(program, program.lines.offsetAt(position)));
      }),
    );
  },
};

/** Brackets over several lines, comments, and lines of imports. */
function foldsIn({ analysis, lines }: OpenProgram): FoldingRange[] {
  const { tokens, comments } = scan(analysis.text);
  const folds: FoldingRange[] = [];
  const add = (start: number, end: number, kind?: FoldingRangeKind): void => {
    const [first, last] = [lines.positionAt(start).line, lines.positionAt(end).line];
    // The line of a closing bracket stays.
    const endLine = kind === undefined ? last - 1 : last;
    if (endLine > first) folds.push({ startLine: first, endLine, ...(kind && { kind }) });
  };
  const open: { readonly text: string; readonly start: number }[] = [];
  for (const { text, start } of tokens) {
    if (/^[([{]$/.test(text)) open.push({ text, start });
    else if (/^[)\]}]$/.test(text)) {
      const opener = open.findLastIndex(({ text: other }) => pairs[other] === text);
      const [found] = opener < 0 ? [] : open.splice(opener);
      if (found !== undefined) add(found.start, start);
    }
  }
  let group: { start: number; end: number } | undefined;
  for (const { start, text, kind } of comments) {
    const line = lines.positionAt(start).line;
    const alone = analysis.text.slice(lines.offsetAt({ line, character: 0 }), start).trim() === '';
    const follows = group !== undefined && lines.positionAt(group.end).line === line - 1;
    if (group !== undefined && (!follows || !alone)) {
      add(group.start, group.end, FoldingRangeKind.Comment);
      group = undefined;
    }
    if (kind === 'BLOCK_COMMENT') add(start, start + text.length, FoldingRangeKind.Comment);
    else if (alone) group = { start: group?.start ?? start, end: start + text.length };
  }
  if (group !== undefined) add(group.start, group.end, FoldingRangeKind.Comment);
  return folds.sort((a, b) => a.startLine - b.startLine);
}

const pairs: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** From the name to the file, over every part of the tree around it. */
function selectionAt(program: OpenProgram, offset: number): SelectionRange {
  const { text, syntax } = program.analysis;
  const ranges: TextRange[] = [{ start: 0, end: text.length }];
  const visit = (node: unknown): void => {
    if (!isNode(node)) return;
    const range = rangeOf(node);
    if (range.start > offset || range.end < offset || range.end === range.start) return;
    const around = ranges.at(-1);
    if (around?.start !== range.start || around.end !== range.end) ranges.push(range);
    for (const [key, value] of Object.entries(node)) {
      if (key.startsWith('$')) continue;
      if (Array.isArray(value)) for (const item of value) visit(item);
      else visit(value);
    }
  };
  for (const declaration of syntax.program.declarations) visit(declaration);
  const word = wordAt(text, offset);
  const last = ranges.at(-1);
  if (word !== undefined && last !== undefined && last.end - last.start > word.end - word.start) {
    ranges.push(word);
  }
  return ranges.reduce<SelectionRange | undefined>(
    (parent, range) => ({ range: rangeIn(program, range), ...(parent && { parent }) }),
    undefined,
  ) as SelectionRange;
}

function wordAt(text: string, offset: number): TextRange | undefined {
  const before = /[\p{L}\p{N}_]*$/u.exec(text.slice(Math.max(0, offset - 100), offset))?.[0] ?? '';
  const after = /^[\p{L}\p{N}_']*/u.exec(text.slice(offset, offset + 100))?.[0] ?? '';
  const [start, end] = [offset - before.length, offset + after.length];
  return start < end ? { start, end } : undefined;
}

type Node = Parameters<typeof rangeOf>[0];

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && '$type' in value;
}
