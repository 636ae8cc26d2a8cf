/** The process around the command line: its streams, its signals, its exit code. */
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

const code = commandLine(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  folder: process.cwd(),
  environment: process.env,
  style: process.stdout.isTTY && noColour === '' ? 'colour' : 'plain',
  signal: abort.signal,
});

void code.then((value) => {
  process.exitCode = value;
});
