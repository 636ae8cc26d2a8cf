/** What a lint is: something that runs, or would run, and is probably not what was meant. */
import type { CodeName, Diagnostic } from '../../shapes/index.ts';
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
}
