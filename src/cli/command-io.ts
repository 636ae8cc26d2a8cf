/** What a command may touch of the world around it. */
export interface CommandIo {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** The folder that paths are relative to. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly style: 'plain' | 'colour';
  /** Aborted where the user ends the command. */
  readonly signal: AbortSignal;
}

/** Clean; warnings are allowed. */
export const exitClean = 0;
/** Errors in the file, or an expectation that failed. */
export const exitErrors = 1;
/** Wrong use, or an input that cannot be read. */
export const exitWrongUse = 2;
/** Ended by the user: 128 + SIGINT. */
export const exitStopped = 130;

/** The command was used wrongly: told in one line, with exit code 2. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
}
