/** The workers: started once, asleep between runs, all reading one tape in the shared memory. */
import { Worker } from 'node:worker_threads';
import {
  arrivedAt,
  brokenAt,
  countAt,
  doneAt,
  endedAt,
  openedAt,
  runningAt,
  scratchAt,
  wakeAt,
  wakeBytes,
  workersAt,
} from './assembly/layout.ts';
import { controlOf, type SharedMemory } from './machine.ts';

/** A text and no file, so that bundlers have nothing to find. Being woken for 0 workers means to end. */
const source = `
const { parentPort, workerData } = require('node:worker_threads');
const { module, memory, worker, at, bytes } = workerData;
const imports = { env: { memory }, tape: { clock: () => performance.now() } };
const { run } = new WebAssembly.Instance(module, imports).exports;
const control = new Int32Array(memory.buffer, 0, bytes / 4);
const wake = at.wake / 4;
let seen = Atomics.load(control, wake);
parentPort.postMessage('ready');
for (;;) {
  // It may have done its work before it is notified of it.
  while (Atomics.load(control, wake) === seen) Atomics.wait(control, wake, seen);
  seen = Atomics.load(control, wake);
  const workers = Atomics.load(control, at.workers / 4);
  if (workers === 0) break;
  try {
    const done = run(Atomics.load(control, at.count / 4), worker, workers);
    if (worker === 0) Atomics.store(control, at.done / 4, done);
  } catch (error) {
    Atomics.store(control, at.broken / 4, 1);
    Atomics.notify(control, at.opened / 4);
    throw error;
  } finally {
    if (Atomics.sub(control, at.running / 4, 1) === 1) {
      Atomics.add(control, at.ended / 4, 1);
      Atomics.notify(control, at.ended / 4);
    }
  }
}`;

export interface Pool {
  /** Runs the piece of a tape that is loaded; how many instructions were done. */
  run(workers: number): Promise<number>;
  close(): Promise<void>;
}

/** Resolves when all are asleep; rejects where workers are not allowed. */
export async function startWorkers(
  count: number,
  module: WebAssembly.Module,
  memory: SharedMemory,
): Promise<Pool> {
  const control = controlOf(memory);
  const workers = Array.from({ length: count }, (_, worker) => {
    const at = { ...addresses, wake: wakeAt + worker * wakeBytes };
    const workerData = { module, memory, worker, at, bytes: scratchAt };
    return new Worker(source, { eval: true, workerData });
  });
  const failure = Promise.race(workers.map(failureOf));
  // A failure is told to whoever waits for a run, and to nobody else.
  failure.catch(() => {});
  const ready = workers.map((worker) => new Promise((done) => worker.once('message', done)));
  await Promise.race([Promise.all(ready), failure]);
  hold(workers, false);
  return {
    run: async (taking) => {
      hold(workers, true);
      try {
        await Promise.race([runOn(control, taking), failure]);
        if (Atomics.load(control, brokenAt / 4) !== 0) await failure;
        return Atomics.load(control, doneAt / 4);
      } finally {
        hold(workers, false);
      }
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

const addresses = {
  workers: workersAt,
  count: countAt,
  done: doneAt,
  broken: brokenAt,
  opened: openedAt,
  running: runningAt,
  ended: endedAt,
};

function failureOf(worker: Worker): Promise<never> {
  return new Promise((_, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`A worker ended with code ${code}.`)));
  });
}

/** Sleeping workers do not keep the process alive, running ones do. */
function hold(workers: readonly Worker[], alive: boolean): void {
  for (const worker of workers) {
    if (alive) worker.ref();
    else worker.unref();
  }
}

async function runOn(control: Int32Array<SharedArrayBuffer>, workers: number): Promise<void> {
  const ended = Atomics.load(control, endedAt / 4);
  Atomics.store(control, arrivedAt / 4, 0);
  Atomics.store(control, workersAt / 4, workers);
  Atomics.store(control, runningAt / 4, workers);
  for (let worker = 0; worker < workers; worker++) {
    const wake = (wakeAt + worker * wakeBytes) / 4;
    Atomics.add(control, wake, 1);
    Atomics.notify(control, wake);
  }
  // Who ends a run says so a moment after it is over, when the next may be waited for already.
  while (Atomics.load(control, endedAt / 4) === ended) {
    await Atomics.waitAsync(control, endedAt / 4, ended).value;
  }
}
