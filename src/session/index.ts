export { diskFiles, pathOf, uriOf } from './disk-files.ts';
export { type ProgramOutcome, type ProgramRun, runProgram } from './run-program.ts';
