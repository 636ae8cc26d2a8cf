/** The pure stages in order: text → tree → checked program → a graph for every run. */
import { type CheckedProgram, checkProgram, type Diagnostic, dimFacts } from '../shapes/index.ts';
import { parseProgram } from '../syntax/index.ts';
import type { SourceRange } from '../trace/index.ts';
import { type Analysis, type FileAccess, type RunTarget, runFilesOf } from './analysis.ts';
import { type BuiltRun, buildRun, type RunSurroundings } from './build-run.ts';
import { preludeText, preludeUri, standardLibrary } from './library.ts';
import { overrideRuns, type RunOverrides } from './overrides.ts';

/** What a command asks for in place of what the runs of the file say. */
export interface RunWish {
  /** The run, model or block that is to run; the first of the file where absent. */
  readonly target: string | undefined;
  readonly overrides: RunOverrides;
}

/** Never throws on any text. */
export function analyze(uri: string, text: string, files: FileAccess, wish?: RunWish): Analysis {
  const texts = new Map([
    [uri, text],
    [preludeUri, preludeText],
  ]);
  const written = checkFile(
    uri,
    text,
    { files, texts, checked: new Map(), circles: new Set() },
    [],
  );
  const targets = targetsOf(written);
  const program =
    wish === undefined
      ? written
      : overrideRuns(written, wish.target ?? targets[0]?.name, wish.overrides);
  const textOf = ({ uri: of, start, end }: SourceRange) => texts.get(of)?.slice(start, end) ?? '';
  const around: RunSurroundings = { program, textOf, files: runFilesOf(files, uri) };
  const built = new Map<string, BuiltRun>();
  const fromRuns = program.runs.flatMap(
    (run) => buildRun(around, run.name, built)?.diagnostics ?? [],
  );
  return {
    uri,
    text,
    program,
    diagnostics: inOrder([...program.diagnostics, ...fromRuns]),
    targets,
    dimFacts: dimFacts(program),
    textOf,
  };
}

/** What files that import one another share while they are checked. */
interface Imports {
  readonly files: FileAccess;
  readonly texts: Map<string, string>;
  readonly checked: Map<string, CheckedProgram>;
  /** Imports, as `importer imported`, that lead back to where they came from. */
  readonly circles: Set<string>;
}

/** `chain`: the files that wait for this one. */
function checkFile(
  uri: string,
  text: string,
  imports: Imports,
  chain: readonly string[],
): CheckedProgram {
  const { files, texts, checked, circles } = imports;
  const waiting = [...chain, uri];
  return checkProgram({
    uri,
    text,
    ...parseProgram(text),
    library: standardLibrary(),
    imported: (path) => {
      const other = files.resolve(uri, path);
      if (waiting.includes(other)) {
        noteCircle(circles, [...waiting.slice(waiting.indexOf(other)), other]);
        return 'circular';
      }
      const before = checked.get(other);
      if (before !== undefined) return before;
      const otherText = files.readText(other);
      if (otherText === undefined) return undefined;
      texts.set(other, otherText);
      const program = checkFile(other, otherText, imports, waiting);
      if (circles.has(`${uri} ${other}`)) return 'circular';
      checked.set(other, program);
      return program;
    },
  });
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
