/** In a string: names of files, and of the tensors in a weights file. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathOnDisk, resolvePath } from '../files/index.ts';
import { openSafetensors } from '../formats/index.ts';
import type { CheckedProgram } from '../shapes/index.ts';
import type { Suggestion } from './completion-item.ts';
import type { Cursor } from './cursor.ts';
import type { OpenProgram } from './program-store.ts';
import { entriesOf } from './workspace-files.ts';

/** What the string at the cursor is for, by the tokens before it. */
export function stringSuggestions(
  open: OpenProgram,
  cursor: Cursor,
  offset: number,
): readonly Suggestion[] {
  const { program } = open.analysis;
  const { statement, region, string = '' } = cursor;
  const before = statement.at(-1)?.text;
  if (region === 'mapping') {
    const file = mappingFile(program, offset);
    return file === undefined ? [] : tensorSuggestions(resolveIn(open, file), 'mapping');
  }
  const file = statement.at(-2);
  if (before === '[' && file?.kind === 'string') {
    return tensorSuggestions(resolveIn(open, file.text.slice(1, -1)), 'name');
  }
  const first = statement[0]?.text;
  if (first === 'import' || before === 'from')
    return fileSuggestions(open, string, ['.tblock'], './');
  if (first === 'weights') return fileSuggestions(open, string, ['.safetensors']);
  if (first === 'tokenizer') return fileSuggestions(open, string, ['.json']);
  if (before === '=') return fileSuggestions(open, string, ['.npy', '.safetensors']);
  return [];
}

function mappingFile({ weights }: CheckedProgram, offset: number): string | undefined {
  const around = [...weights.values()].filter(({ fileSource }) => fileSource.end <= offset);
  return around.at(-1)?.file;
}

/** Undefined for what is not to be read, and for what is on no disk. */
function resolveIn({ analysis, mayRead }: OpenProgram, path: string): string | undefined {
  return mayRead(path) ? pathOnDisk(resolvePath(analysis.uri, path)) : undefined;
}

// ---------------------------------------------------------------- tensors

interface KnownHeader {
  readonly changed: number;
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

/** Headers that were read already: a model has thousands of names. */
const headers = new Map<string, KnownHeader>();

/** The names in a file; in a mapping also with `*` for indices, which is what is nearly always meant. */
function tensorSuggestions(
  path: string | undefined,
  use: 'mapping' | 'name',
): readonly Suggestion[] {
  if (path === undefined) return [];
  const tensors = tensorsIn(path);
  const byPattern = new Map<string, Suggestion>();
  for (const { name, shape } of tensors) {
    const detail = `[${shape.join(', ')}]`;
    byPattern.set(name, { label: name, kind: 'Field', detail, rank: 1 });
    const pattern = name.replace(/(?<=^|\.)\d+(?=\.|$)/g, '*');
    if (use === 'name' || pattern === name) continue;
    byPattern.set(pattern, { label: pattern, kind: 'Field', detail, rank: 0 });
  }
  return [...byPattern.values()];
}

function tensorsIn(path: string): KnownHeader['tensors'] {
  try {
    const changed = statSync(path).mtimeMs;
    const before = headers.get(path);
    if (before?.changed === changed) return before.tensors;
    const opened = openSafetensors(path);
    if (!opened.ok) return [];
    const tensors = [...opened.value.tensors].map(([name, { shape }]) => ({ name, shape }));
    headers.set(path, { changed, tensors });
    return tensors;
  } catch {
    // No such file: it is reported where it is named.
    return [];
  }
}

// ---------------------------------------------------------------- files

function fileSuggestions(
  open: OpenProgram,
  typed: string,
  endings: readonly string[],
  prefix = '',
): readonly Suggestion[] {
  const at = typed.lastIndexOf('/') + 1;
  const folder = resolveIn(open, typed.slice(0, at) || '.');
  if (folder === undefined) return [];
  const start = at === 0 ? prefix : typed.slice(0, at);
  const own = pathOnDisk(open.analysis.uri);
  return entriesOf(folder).flatMap(({ name, isFolder }): Suggestion[] => {
    if (isFolder) {
      return [{ label: `${start}${name}/`, kind: 'Folder', rank: 1, more: true }];
    }
    const fits = endings.some((ending) => name.endsWith(ending)) && resolve(folder, name) !== own;
    return fits ? [{ label: `${start}${name}`, kind: 'File', rank: 0 }] : [];
  });
}
