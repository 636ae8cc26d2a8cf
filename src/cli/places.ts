/** Places in texts as people and machines name them: a file, a line and a column, from 1. */
import { isAbsolute, relative } from 'node:path';
import type { Analysis } from '../analysis/index.ts';
import { pathOf } from '../session/index.ts';
import { LineMap } from '../syntax/index.ts';
import type { SourceRange } from '../trace/index.ts';

/** The end is the place after the last character. Columns count UTF-16 units, as editors do. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export type PlaceOf = (source: SourceRange) => Place;

export function placesIn(analysis: Analysis, folder: string): PlaceOf {
  const maps = new Map<string, LineMap>();
  const mapOf = (uri: string) => {
    const known = maps.get(uri);
    if (known !== undefined) return known;
    const map = new LineMap(analysis.textOf({ uri, start: 0, end: Number.POSITIVE_INFINITY }));
    maps.set(uri, map);
    return map;
  };
  return ({ uri, start, end }) => {
    const map = mapOf(uri);
    const [first, last] = [map.positionAt(start), map.positionAt(end)];
    return {
      file: shownPath(pathOf(uri), folder),
      line: first.line + 1,
      column: first.character + 1,
      endLine: last.line + 1,
      endColumn: last.character + 1,
    };
  };
}

/** Relative to the folder for files in it. */
export function shownPath(path: string, folder: string): string {
  if (!isAbsolute(path)) return path;
  const inside = relative(folder, path);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? path : inside;
}

/** `file:line:column`. */
export function placeText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}
