/** One file and all that it reads: parsed, checked; its runs laid out where their graphs are asked for. */
import { t } from '@vscode/l10n';
import {
  type CheckedProgram,
  checkProgram,
  type Diagnostic,
  diagnostic,
  dimFacts,
  type ImportedProgram,
} from '../shapes/index.ts';
import { parseProgram } from '../syntax/index.ts';
import type { SourceRange } from '../trace/index.ts';
import {
  type Analysis,
  type CheckedFile,
  type FileAccess,
  type RunTarget,
  runFilesOf,
} from './analysis.ts';
import { type BuiltRun, buildRun, type RunSurroundings } from './build-run.ts';
import { preludeText, preludeUri, standardLibrary } from './library.ts';
import { overrideRuns, type RunOverrides } from './overrides.ts';

/** What a command asks for in place of what the runs of the file say. */
export interface RunWish {
  /** The run, model or block that is to run; the first of the file where absent. */
  readonly target: string | undefined;
  readonly overrides: RunOverrides;
}

export interface AnalysisOptions {
  readonly wish?: RunWish | undefined;
  /** The analysis of the same file before an edit, which is not to be used any more: what did not change is kept. */
  readonly before?: Analysis | undefined;
}

/** The length of a text that is read: a tree of more takes gigabytes. */
const longestText = 1_000_000;

/** Never throws on any text. One that is too long is as if it were empty, but for the message that says so. */
export function analyze(
  uri: string,
  text: string,
  files: FileAccess,
  options: AnalysisOptions = {},
): Analysis {
  if (text.length <= longestText) return analyzeText(uri, text, files, options);
  const message = t`This file has ${megabytes(text.length)} MB, and TBlock reads programs of up to ${megabytes(longestText)} MB. Move blocks into files of their own, and import them.`;
  const found = [diagnostic('fileUnreadable', { uri, start: 0, end: 0 }, message)];
  const nothing = analyzeText(uri, '', files, {});
  const program = { ...nothing.program, diagnostics: found };
  return { ...nothing, program, immediate: found, diagnostics: found };
}

function megabytes(length: number): string {
  return (length / 1e6).toFixed(1);
}

function analyzeText(
  uri: string,
  text: string,
  files: FileAccess,
  { wish, before }: AnalysisOptions,
): Analysis {
  const imports: Imports = {
    files,
    texts: new Map([[preludeUri, preludeText]]),
    checked: new Map(),
    circles: new Set(),
    before: before?.files ?? new Map(),
  };
  const written = checkFile(uri, text, imports, []);
  const targets = targetsOf(written.program);
  const program =
    wish === undefined
      ? written.program
      : overrideRuns(written.program, wish.target ?? targets[0]?.name, wish.overrides);
  const { texts } = imports;
  const textOf = ({ uri: of, start, end }: SourceRange) => texts.get(of)?.slice(start, end) ?? '';
  const around: RunSurroundings = {
    program,
    textOf,
    files: runFilesOf(files, uri),
    copies: 'distinct',
  };
  const built = new Map<string, BuiltRun>();
  const layOut = (name: string) => buildRun(around, name, built);
  const all = once(() => {
    // What runs of blocks that nobody has read is not known.
    if ([...written.imported.values()].includes('withheld')) return inOrder(program.diagnostics);
    const fromRuns = program.runs.flatMap((run) => layOut(run.name)?.diagnostics ?? []);
    return inOrder([...program.diagnostics, ...fromRuns]);
  });
  return {
    uri,
    text,
    program,
    syntax: written.parsed,
    immediate: program.diagnostics,
    get diagnostics() {
      return all();
    },
    graphOf: (name) => layOut(name)?.graph,
    targets,
    dimFacts: dimFacts(program),
    hasFile: (path) => {
      const other = files.resolve(uri, path);
      return files.withheld?.(other) === undefined ? files.exists?.(other) : undefined;
    },
    withheld: (path) => files.withheld?.(files.resolve(uri, path)),
    textOf,
    files: imports.checked,
  };
}

function once<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}

/** What files that import one another share while they are checked. */
interface Imports {
  readonly files: FileAccess;
  readonly texts: Map<string, string>;
  readonly checked: Map<string, CheckedFile>;
  /** Imports, as `importer imported`, that lead back to where they came from. */
  readonly circles: Set<string>;
  /** The files of the analysis before. */
  readonly before: ReadonlyMap<string, CheckedFile>;
}

/** `chain`: the files that wait for this one. */
function checkFile(
  uri: string,
  text: string,
  imports: Imports,
  chain: readonly string[],
): CheckedFile {
  const { texts, checked, before } = imports;
  const was = before.get(uri);
  texts.set(uri, text);
  const waiting = [...chain, uri];
  const known = new Map<string, ImportedProgram>();
  const imported = (path: string) => {
    const other = imports.files.resolve(uri, path);
    const program = importedFile(other, imports, waiting);
    known.set(path, program);
    return program;
  };
  const parsed = was?.text === text ? was.parsed : parseProgram(text, was?.parsed);
  const same =
    was !== undefined &&
    was.text === text &&
    [...was.imported].every(([path, program]) => imported(path) === program);
  const file: CheckedFile = same
    ? was
    : {
        text,
        parsed,
        program: checkProgram(
          { uri, text, ...parsed, library: standardLibrary(), imported },
          was?.program,
        ),
        imported: known,
      };
  checked.set(uri, file);
  return file;
}

function importedFile(
  other: string,
  imports: Imports,
  waiting: readonly string[],
): ImportedProgram {
  const { files, checked, circles } = imports;
  const importer = waiting.at(-1) ?? '';
  if (waiting.includes(other)) {
    noteCircle(circles, [...waiting.slice(waiting.indexOf(other)), other]);
    return 'circular';
  }
  const before = checked.get(other);
  if (before !== undefined) {
    return circles.has(`${importer} ${other}`) ? 'circular' : before.program;
  }
  if (files.withheld?.(other) !== undefined) return 'withheld';
  const text = files.readText(other);
  if (text === undefined || text.length > longestText) return undefined;
  const { program } = checkFile(other, text, imports, waiting);
  if (!circles.has(`${importer} ${other}`)) return program;
  checked.delete(other);
  return 'circular';
}

function noteCircle(circles: Set<string>, files: readonly string[]): void {
  for (const [at, file] of files.entries()) circles.add(`${file} ${files[at + 1] ?? ''}`);
}

/** The same finding at the same place, by the checker and by several runs, counts once. */
function inOrder(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const byPlace = new Map<string, Diagnostic>();
  for (const each of found) {
    const { uri, start, end } = each.source;
    const key = `${each.code.slice(0, 4)}@${uri}:${start}-${end}`;
    if (!byPlace.has(key)) byPlace.set(key, each);
  }
  return [...byPlace.values()].sort((a, b) => a.source.start - b.source.start);
}

function targetsOf(program: CheckedProgram): readonly RunTarget[] {
  const runs = program.runs.map(({ name, source }): RunTarget => ({ kind: 'run', name, source }));
  const models = [...program.models.values()]
    .filter((model) => model.uri === program.uri)
    .map(({ name, source }): RunTarget => ({ kind: 'model', name, source }));
  const blocks = [...program.blocks.values()]
    .filter((block) => block.uri === program.uri)
    .map(({ name, source }): RunTarget => ({ kind: 'block', name, source }));
  return [...runs, ...models, ...blocks];
}
