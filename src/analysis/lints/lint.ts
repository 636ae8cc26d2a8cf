/** What a lint is: something that runs, or would run, and is probably not what was meant. */
import type { Sketch } from '../../graph/index.ts';
import type { CheckedBlock, CodeName, Diagnostic } from '../../shapes/index.ts';
import type { Analysis } from '../analysis.ts';

/** One file each; a new one gets its line in the list of `index.ts`. */
export interface Lint {
  /** The codes that it reports. */
  readonly codes: readonly CodeName[];
  readonly check: (subject: Subject) => readonly Diagnostic[];
}

/** A program that is checked, with what the lints share. */
export interface Subject {
  readonly analysis: Analysis;
  /** The blocks of the file, then its models, as far as they can be built. Of the size of the text: see `sketchGraph`. */
  readonly sketches: readonly Sketched[];
}

export interface Sketched {
  readonly target: CheckedBlock;
  readonly sketch: Sketch;
}

/** Where a mistake is, what it leaves unused means nothing. */
export function hasError({ diagnostics }: Analysis, { extent, uri }: CheckedBlock): boolean {
  return diagnostics.some(
    ({ severity, source }) =>
      severity === 'error' &&
      source.uri === uri &&
      source.start >= extent.start &&
      source.end <= extent.end,
  );
}
