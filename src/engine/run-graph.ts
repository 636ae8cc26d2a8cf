/** Runs graphs on the backend of choice, and once more on the processor where the GPU fails. */

import { availableParallelism, totalmem } from 'node:os';
import { t } from '@vscode/l10n';
import type { Graph } from '../graph/index.ts';
import type { BackendReport, MemoryReport } from '../trace/index.ts';
import type { Execution, RunControl } from './backend.ts';
import { KernelFailure } from './backends/kernel-failure.ts';
import {
  type BackendWish,
  type Choice,
  chooseBackend,
  type Environment,
  type Resources,
} from './choose-backend.ts';
import type { Feeds } from './feed.ts';

export interface GraphRun {
  /** To be disposed of when its values are no longer looked at. */
  readonly execution: Execution;
  readonly report: BackendReport;
  /** From the choice of the backend to the last value computed. */
  readonly milliseconds: number;
  readonly memory: MemoryReport;
}

/** Keeps what it opened, with all compiled kernels, from one run to the next. */
export interface Engine {
  /**
   * Rejects with RunStopped where the user ended the run, and with RunFault where a node's values are wrong.
   * Feeds are rounded to float32 except by the reference.
   */
  readonly runGraph: (
    graph: Graph,
    feeds: Feeds,
    wish: BackendWish,
    control: RunControl,
  ) => Promise<GraphRun>;
  /** Bytes that a run of the graph will take at its peak. */
  readonly estimate: (
    graph: Graph,
    wish: BackendWish,
    control: Pick<RunControl, 'memoryBudget'>,
  ) => Promise<number>;
  /** Frees the devices; executions cannot be read afterwards. */
  readonly close: () => Promise<void>;
}

/** Three quarters of the machine's memory belong to everything else. */
const shareOfMemory = 1 / 4;

/** All of the machine's cores, unless said; the environment goes before both. */
export function openEngine(environment: Environment, wished: Partial<Resources> = {}): Engine {
  const resources: Resources = {
    threads: positive(environment.TBLOCK_THREADS) ?? wished.threads ?? availableParallelism(),
    memoryBudget: wished.memoryBudget ?? totalmem() * shareOfMemory,
  };
  /** What the process holds before it runs anything. */
  const idle = process.memoryUsage.rss();
  const choices = new Map<BackendWish, Promise<Choice>>();
  const choose = (wish: BackendWish) => {
    const known = choices.get(wish);
    if (known !== undefined) return known;
    const fresh = chooseBackend(wish, environment, resources);
    choices.set(wish, fresh);
    return fresh;
  };
  return {
    runGraph: async (graph, feeds, wish, control) => {
      const start = performance.now();
      const { backend, reason } = await choose(wish);
      const run = async (chosen: Choice): Promise<GraphRun> => {
        const execution = await chosen.backend.execute(graph, feeds, control);
        const milliseconds = performance.now() - start;
        return {
          execution,
          report: { ...chosen.backend.report, reason: chosen.reason },
          milliseconds,
          memory: {
            // Either takes longer than a small run, so only whoever asks waits for it.
            get process() {
              return process.memoryUsage.rss();
            },
            get expected() {
              return idle + chosen.backend.estimate(graph, control.memoryBudget);
            },
          },
        };
      };
      try {
        return await run({ backend, reason });
      } catch (error) {
        if (!(error instanceof KernelFailure) || backend.report.name !== 'gpu') throw error;
        const processor = await choose('cpu');
        return run({
          backend: processor.backend,
          reason: t`The GPU could not run it: ${error.message}`,
        });
      }
    },
    estimate: async (graph, wish, { memoryBudget }) => {
      const { backend } = await choose(wish);
      return backend.estimate(graph, memoryBudget);
    },
    close: async () => {
      const opened = await Promise.all(choices.values());
      choices.clear();
      for (const { backend } of opened) await backend.close();
    },
  };
}

/** A whole number of at least 1, written in a variable of the environment. */
function positive(text: string | undefined): number | undefined {
  const number = Number(text ?? Number.NaN);
  return Number.isInteger(number) && number >= 1 ? number : undefined;
}
