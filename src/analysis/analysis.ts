/** Text in, everything that is known without running out: the order of the pure stages, and nothing else. */
import type { Graph, RunFiles, TokensOf } from '../graph/index.ts';
import type { CheckedProgram, Diagnostic, DimFacts, ImportedProgram } from '../shapes/index.ts';
import type { ParsedProgram } from '../syntax/index.ts';
import type { SourceRange } from '../trace/index.ts';

/** How the analysis reads other files: unsaved editors first, then the disk. Pure folders do no I/O themselves. */
export interface FileAccess {
  /** The text of a file; undefined where there is none. */
  readonly readText: (uri: string) => string | undefined;
  /** The uri of a path as written in a program (`./blocks.tblock`, `model.safetensors`). */
  readonly resolve: (from: string, path: string) => string;
  /** Why a file is not to be read, where that is so: its text and all that is in it count as not known. */
  readonly withheld?: (uri: string) => 'restricted' | 'outside' | undefined;
  /** Whether there is such a file, where this reader can tell. */
  readonly exists?: (uri: string) => boolean;
  /** The shape of a tensor in a file of values, where this reader looks into such files. */
  readonly shapeOf?: (uri: string, tensor: string | undefined) => readonly number[] | undefined;
  /** A text as a tokenizer's tokens, or what token ids read as, where this reader looks into tokenizers. */
  readonly tokensOf?: (uri: string, given: string | readonly number[]) => ReturnType<TokensOf>;
}

/** The files that the runs of a program name. */
export function runFilesOf(files: FileAccess, uri: string): RunFiles {
  return {
    shapeOf: (file, tensor) => files.shapeOf?.(files.resolve(uri, file), tensor),
    tokensOf: (file, given) => files.tokensOf?.(files.resolve(uri, file), given),
  };
}

/** Something that can be run: what a code lens stands on. */
export interface RunTarget {
  readonly kind: 'run' | 'model' | 'block';
  readonly name: string;
  /** The name in the text. */
  readonly source: SourceRange;
}

export interface Analysis {
  readonly uri: string;
  readonly text: string;
  readonly program: CheckedProgram;
  readonly syntax: ParsedProgram;
  /** Syntax, names and shapes; in the order of the text. */
  readonly immediate: readonly Diagnostic[];
  /** These and what laying out each run adds, which is done when it is first asked for. */
  readonly diagnostics: readonly Diagnostic[];
  /**
   * The graph of a run, model or block, laid out when it is first asked for; undefined where it cannot be. Of a repeat
   * whose copies are alike it has the first two, the last, and those that a run names.
   */
  readonly graphOf: (name: string) => Graph | undefined;
  readonly targets: readonly RunTarget[];
  /** Current values of the dims, without any run's overrides. */
  readonly dimFacts: DimFacts;
  /** Whether there is a file of that path, as written; undefined where nobody can tell. */
  readonly hasFile: (path: string) => boolean | undefined;
  /** Why the file of that path, as written, is not read. */
  readonly withheld: (path: string) => 'restricted' | 'outside' | undefined;
  /** The text of a place in this file or one that it imports. */
  readonly textOf: (range: SourceRange) => string;
  /** The file and those that it imports, by uri. */
  readonly files: ReadonlyMap<string, CheckedFile>;
}

/** A file as far as it can be checked without running anything. */
export interface CheckedFile {
  readonly text: string;
  readonly parsed: ParsedProgram;
  readonly program: CheckedProgram;
  /** What it imports, by uri. */
  readonly imported: ReadonlyMap<string, ImportedProgram>;
}
