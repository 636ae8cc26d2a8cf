/** The process around the command line: its streams, its signals, its exit code. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { acceptedFlags } from '../kernels/index.ts';
import { commandLine } from './command-line.ts';

const abort = new AbortController();

// The first Ctrl+C ends the run between two kernels; a second one ends the process at once.
process.once('SIGINT', () => abort.abort());

// Whoever reads may stop before everything is said: `tblock check … | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const { NO_COLOR: noColour = '' } = process.env;

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});

/** A run computes in a process with the kernels' flags: Node takes them only when it starts. */
async function main(args: readonly string[]): Promise<number> {
  const flags = args[0] === 'run' ? await acceptedFlags() : [];
  if (flags.every((flag) => process.execArgv.includes(flag))) return here(args);
  const [script = ''] = process.argv.slice(1);
  const child = spawn(process.execPath, [...process.execArgv, ...flags, script, ...args], {
    stdio: 'inherit',
  });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code, signal) => done(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
  });
}

function here(args: readonly string[]): Promise<number> {
  return commandLine(args, {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    folder: process.cwd(),
    environment: process.env,
    style: process.stdout.isTTY && noColour === '' ? 'colour' : 'plain',
    signal: abort.signal,
  });
}
