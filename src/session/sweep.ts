/** Runs a family: the plain run has run, and each combination computes only what its patches change. */
import { t } from '@vscode/l10n';
import {
  type BackendWish,
  type Engine,
  type Feed,
  type Feeds,
  feedOf,
  type GraphRun,
  type RunControl,
  RunFault,
} from '../engine/index.ts';
import type { Graph, NodeId, Sweep, SweepBatch } from '../graph/index.ts';
import { type CheckedRun, type Diagnostic, diagnostic } from '../shapes/index.ts';
import type { ExpectationResult, SweepResult } from '../trace/index.ts';
import { expectationResults } from './expectations.ts';
import type { FeedResult } from './feeds.ts';

/** Values of combinations that one graph may hold: 256 MiB of float32. */
const mostElements = 2 ** 26;

export interface SweepRequest {
  readonly engine: Engine;
  readonly wish: BackendWish;
  readonly control: RunControl;
  readonly run: CheckedRun;
  readonly sweep: Sweep;
  readonly plain: {
    readonly graph: Graph;
    readonly feeds: Feeds;
    readonly result: GraphRun;
  };
  /** Values of what a combination adds by itself: sources and values of other runs. */
  readonly feedsOf: (graph: Graph) => Promise<FeedResult>;
}

export type SweepOutcome =
  | {
      readonly kind: 'done';
      /** Undefined where there is no metric. */
      readonly result: SweepResult | undefined;
      readonly expectations: readonly ExpectationResult[];
    }
  | { readonly kind: 'rejected'; readonly diagnostics: readonly Diagnostic[] };

/** What a run that is no family asks of its values. */
export async function plainOutcome({
  graph,
  result,
}: SweepRequest['plain']): Promise<SweepOutcome> {
  const { execution } = result;
  const expectations = await expectationResults(graph, execution);
  if (graph.metrics.length === 0) return { kind: 'done', result: undefined, expectations };
  const metrics = [];
  for (const { name, node } of graph.metrics) {
    metrics.push({ name, values: Float64Array.from(await execution.read(node)) });
  }
  return { kind: 'done', result: { axes: [], metrics }, expectations };
}

/** Rejects with RunStopped where the user ended it. Only the metrics are kept of each combination. */
export async function runSweep(request: SweepRequest): Promise<SweepOutcome> {
  const { sweep, run } = request;
  const kept = sweep.metrics.map((name) => ({ name, values: new Float64Array(sweep.count) }));
  const verdicts = new Verdicts(sweep);
  for (let done = 0; done < sweep.count; ) {
    const batch = sweep.batch(done, mostElements);
    if (batch.diagnostics.length > 0) return { kind: 'rejected', diagnostics: batch.diagnostics };
    const own = await request.feedsOf(ownInputs(batch));
    if (own.diagnostics.some(({ severity }) => severity === 'error')) {
      return { kind: 'rejected', diagnostics: own.diagnostics };
    }
    const feeds = new Map([...own.feeds, ...(await givenFeeds(request, batch))]);
    try {
      const { execution } = await request.engine.runGraph(
        batch.graph,
        feeds,
        request.wish,
        progressOf(request, done, batch),
      );
      for (const [i, { metrics, ...point }] of batch.points.entries()) {
        for (const [at, node] of metrics.entries()) {
          const metric = kept[at];
          if (metric !== undefined)
            metric.values[done + i] = (await execution.read(node))[0] ?? NaN;
        }
        verdicts.add(done + i, await expectationResults({ ...batch.graph, ...point }, execution));
      }
      execution.dispose();
    } catch (error) {
      if (!(error instanceof RunFault)) throw error;
      const found = diagnostic('tokenRange', run.source, error.message);
      return { kind: 'rejected', diagnostics: [found] };
    }
    done += batch.points.length;
  }
  const result = kept.length === 0 ? undefined : { axes: sweep.axes, metrics: kept };
  return { kind: 'done', result, expectations: verdicts.all };
}

/** The graph without the inputs whose values the plain run has. */
function ownInputs({ graph, given }: SweepBatch): Graph {
  return { ...graph, inputs: graph.inputs.filter(({ id }) => !given.has(id)) };
}

async function givenFeeds({ plain }: SweepRequest, { given }: SweepBatch): Promise<Feeds> {
  const feeds = new Map<NodeId, Feed>();
  for (const [here, there] of given) {
    // What the plain run was given keeps its key, so that a backend sees that it has it already.
    const known = plain.feeds.get(there);
    feeds.set(here, known ?? feedOf(await plain.result.execution.read(there)));
  }
  return feeds;
}

function progressOf({ control, sweep, run }: SweepRequest, done: number, { points }: SweepBatch) {
  return {
    signal: control.signal,
    progress: (at: number, of: number) => {
      const share = of === 0 ? 1 : at / of;
      control.progress(Math.round(done + share * points.length), sweep.count, run.name);
    },
  };
}

/** Whether an expectation holds in every combination, and where it first does not. */
class Verdicts {
  readonly #sweep: Sweep;
  readonly #byPlace = new Map<number, Verdict>();

  constructor(sweep: Sweep) {
    this.#sweep = sweep;
  }

  add(combination: number, results: readonly ExpectationResult[]): void {
    for (const result of results) {
      const key = result.source.start;
      const known = this.#byPlace.get(key) ?? { failed: 0, shown: result, at: combination };
      const isFirst = !result.passed && known.failed === 0;
      const failed = known.failed + (result.passed ? 0 : 1);
      const shown = isFirst ? { shown: result, at: combination } : {};
      this.#byPlace.set(key, { ...known, ...shown, failed });
    }
  }

  get all(): readonly ExpectationResult[] {
    const { count } = this.#sweep;
    return [...this.#byPlace.values()].map(({ failed, shown, at }) => ({
      ...shown,
      passed: failed === 0,
      message:
        failed === 0
          ? t`It holds in all ${count} runs.`
          : t`It fails in ${failed} of ${count} runs, first with ${this.#nameOf(at)}: ${shown.message}`,
    }));
  }

  #nameOf(combination: number): string {
    let rest = combination;
    const parts: string[] = [];
    for (const { name, values } of [...this.#sweep.axes].reverse()) {
      parts.unshift(`${name} = ${values[rest % values.length]}`);
      rest = Math.floor(rest / values.length);
    }
    return parts.join(', ');
  }
}

/** `shown`: the result of the first combination that fails, else of the first; `at`: which one that is. */
interface Verdict {
  readonly failed: number;
  readonly shown: ExpectationResult;
  readonly at: number;
}
