export { diskFiles, pathOf, uriOf } from './disk-files.ts';
export { type ProgramOutcome, runProgram } from './run-program.ts';
export type { ProgramRun } from './run-set.ts';
