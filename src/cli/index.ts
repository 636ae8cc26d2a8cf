/** The command line as a function: arguments in, an exit code out. */
export { type CommandIo, commandLine } from './command-line.ts';
