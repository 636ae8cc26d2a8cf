/** Runs the operator records' kernels on a device; values stay there until they are read, and for the next run. */
import { t } from '@vscode/l10n';
import type { Graph } from '../../graph/index.ts';
import type { Backend, Execution, RunControl } from '../backend.ts';
import type { Feeds } from '../feed.ts';
import { nodeKeys } from '../node-keys.ts';
import { valueBytes } from '../node-values.ts';
import { type KernelDevice, OutOfMemory } from './kernel-device.ts';
import { asFailure, KernelFailure } from './kernel-failure.ts';
import { KernelRun } from './kernel-run.ts';
import { Hold, Residents } from './residents.ts';

export function kernelBackend<Values>(device: KernelDevice<Values>): Backend {
  return new KernelBackend(device);
}

class KernelBackend<Values> implements Backend {
  readonly report: Backend['report'];
  readonly #device: KernelDevice<Values>;
  readonly #residents: Residents<Values>;
  /** What the last run that came to its end holds: the next one may need most of it again. */
  #last: Hold<Values> | undefined;
  #closed = false;

  constructor(device: KernelDevice<Values>) {
    const { name, description, adapter, largestValue } = device;
    this.report = {
      ...{ name, description },
      ...(adapter !== undefined && { adapter }),
      ...(largestValue !== undefined && { largestValue }),
    };
    this.#device = device;
    this.#residents = new Residents(device.free);
  }

  readonly estimate = (graph: Graph) => valueBytes(graph, Float32Array.BYTES_PER_ELEMENT);

  async execute(graph: Graph, feeds: Feeds, control: RunControl): Promise<Execution> {
    await this.#open();
    const hold = new Hold(this.#residents);
    const run = new KernelRun(this.#device, hold, { graph, feeds, keys: nodeKeys(graph, feeds) });
    try {
      await this.#withRoom(hold, run, () => run.runAll(control));
    } catch (error) {
      hold.dropUnsettled();
      hold.release();
      throw error;
    }
    hold.keep();
    this.#last?.release();
    this.#last = hold;
    let released = false;
    return {
      timings: run.timings(),
      read: async (id) => {
        if (released || this.#closed) throw new Error('The values of this run were released.');
        // What a later run had no room for is computed again.
        await this.#open();
        return this.#withRoom(hold, run, () => run.read(id));
      },
      dispose: () => {
        if (!released) hold.release();
        released = true;
      },
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#last = undefined;
    this.#residents.clear();
    await this.#device.close();
  }

  async #open(): Promise<void> {
    const found = await asFailure(t`The device could not be opened`, this.#device.open);
    if (found === 'new') this.#residents.clear();
  }

  /** Where memory runs out, first what this run does not need is given up, then what it does not need any more. */
  async #withRoom<Result>(
    hold: Hold<Values>,
    run: KernelRun<Values>,
    action: () => Promise<Result>,
  ): Promise<Result> {
    const ways = [() => this.#residents.dropAllBut(hold), () => run.keepLittle()];
    for (;;) {
      try {
        return await action();
      } catch (error) {
        if (!(error instanceof OutOfMemory)) throw error;
        hold.dropUnsettled();
        let found = false;
        while (!found) {
          const way = ways.shift();
          if (way === undefined) throw outOfMemory(error);
          found = way();
        }
      }
    }
  }
}

function outOfMemory(error: OutOfMemory): KernelFailure {
  return new KernelFailure(t`The device has no memory left: ${error.message}`, { cause: error });
}
