/** A model that is asked for the next token's logits again and again: by one new position where that is possible. */
import { t } from '@vscode/l10n';
import { type Feed, type Feeds, feedOf, type GraphRun } from '../engine/index.ts';
import {
  type GenerationPlan,
  type Graph,
  generationPlan,
  type NodeId,
  type StepGraph,
  stepGraph,
} from '../graph/index.ts';

interface Executable {
  readonly graph: Graph;
  readonly feeds: Feeds;
}

/** Caches of different generations must not be taken for one another. */
let generations = 0;

export class SteppedModel<Prepared extends Executable> {
  readonly #execute: (run: Prepared) => Promise<GraphRun>;
  readonly #name: string;
  /** The whole sequence's last execution: what the first step takes its cache from. */
  #whole: GraphRun | undefined;
  /** By the node in the whole sequence's graph: the values of all positions so far. */
  #cache: ReadonlyMap<NodeId, Float32Array | Float64Array> | undefined;
  #reason = t`There was one step, over the whole prompt.`;

  constructor({ execute }: { readonly execute: (run: Prepared) => Promise<GraphRun> }) {
    this.#execute = execute;
    generations += 1;
    this.#name = `generation ${generations}`;
  }

  /** A sentence: whether each step computed one position or all of them, and why. */
  get reason(): string {
    return this.#reason;
  }

  /** The logits after the last token. Every call has one token more than the one before. */
  async logits(prepared: Prepared): Promise<Float64Array> {
    const plan = generationPlan(prepared.graph);
    if (typeof plan === 'string') throw new Error(plan);
    const vocabulary = plan.logits.shape.at(-1) ?? 0;
    if (this.#whole !== undefined || this.#cache !== undefined) {
      const step = stepGraph(prepared.graph, plan);
      if (typeof step !== 'string') return this.#step(prepared, plan, step);
      this.#reason = step;
    }
    this.#whole?.execution.dispose();
    this.#whole = await this.#execute(prepared);
    return lastOf(await this.#whole.execution.read(plan.logits.id), vocabulary);
  }

  dispose(): void {
    this.#whole?.execution.dispose();
  }

  async #step(prepared: Prepared, plan: GenerationPlan, step: StepGraph): Promise<Float64Array> {
    const tokens = new Float64Array(plan.tokens.shape[0] ?? 0);
    prepared.feeds.get(plan.tokens.id)?.fill(tokens);
    const cache = this.#cache ?? (await this.#cacheOf(step));
    const feeds = new Map<NodeId, Feed>([[step.token, feedOf(tokens.subarray(-1))]]);
    for (const [here, there] of step.given) {
      const feed = prepared.feeds.get(there);
      if (feed !== undefined) feeds.set(here, feed);
    }
    for (const { whole, before } of step.caches) {
      const key = `${this.#name} ${whole} ${tokens.length - 1}`;
      feeds.set(before, { ...feedOf(cache.get(whole) ?? new Float32Array()), key });
    }
    const { execution } = await this.#execute({ ...prepared, graph: step.graph, feeds });
    const after = new Map<NodeId, Float32Array | Float64Array>();
    for (const each of step.caches) after.set(each.whole, await execution.read(each.after));
    const logits = lastOf(await execution.read(step.logits), plan.logits.shape.at(-1) ?? 0);
    execution.dispose();
    this.#cache = after;
    this.#reason = t`After the prompt every step computed one token, from what the cache has of those before.`;
    return logits;
  }

  /** What the whole sequence's execution has: its graph has the same nodes, with one position less. */
  async #cacheOf({ caches }: StepGraph) {
    const cache = new Map<NodeId, Float32Array | Float64Array>();
    for (const { whole } of caches) {
      const values = await this.#whole?.execution.read(whole);
      if (values !== undefined) cache.set(whole, values);
    }
    this.#whole?.execution.dispose();
    this.#whole = undefined;
    return cache;
  }
}

function lastOf(values: Float32Array | Float64Array, vocabulary: number): Float64Array {
  return Float64Array.from(values.subarray(values.length - vocabulary));
}
