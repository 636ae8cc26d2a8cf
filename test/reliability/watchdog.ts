/** Ends the process where one input takes too long, and leaves that input behind: what hangs cannot be caught. */
import { Worker } from 'node:worker_threads';

/** Far longer than any input of a few kilobytes should take, on a busy machine. */
const limit = 20_000;
const longest = 1 << 20;

const thread = `
const { workerData } = require('node:worker_threads');
const { writeFileSync } = require('node:fs');
const { times, input, limit, file } = workerData;
setInterval(() => {
  const [began, length] = [Atomics.load(times, 0), Atomics.load(times, 1)];
  if (began === 0 || Math.floor(Date.now() / 1000) - began < limit / 1000) return;
  writeFileSync(file, Buffer.from(input.slice(0, length)));
  process.stderr.write('An input took longer than ' + limit + ' ms; it is in ' + file + '\\n');
  process.kill(process.pid, 'SIGKILL');
}, 500);
`;

export interface Watchdog {
  /** Runs `work` for an input, under the limit. */
  readonly guard: (input: Uint8Array, work: () => void) => void;
  readonly close: () => Promise<number>;
}

/** @param file where the input goes that took too long */
export function startWatchdog(file: string): Watchdog {
  const times = new Int32Array(new SharedArrayBuffer(8));
  const input = new Uint8Array(new SharedArrayBuffer(longest));
  const worker = new Worker(thread, { eval: true, workerData: { times, input, limit, file } });
  worker.unref();
  return {
    guard: (bytes, work) => {
      input.set(bytes.subarray(0, longest));
      Atomics.store(times, 1, Math.min(bytes.length, longest));
      Atomics.store(times, 0, Math.floor(Date.now() / 1000));
      try {
        work();
      } finally {
        Atomics.store(times, 0, 0);
      }
    },
    close: () => worker.terminate(),
  };
}
