/** `generate = n`: the model's own tokens, one after another. */
import { t } from '@vscode/l10n';
import type { BuiltRun } from '../analysis/index.ts';
import { type Feed, type Feeds, type GraphRun, RunStopped } from '../engine/index.ts';
import { keyedStream } from '../formats/index.ts';
import { type GenerationPlan, type Graph, generationPlan } from '../graph/index.ts';
import type {
  CheckedProgram,
  CheckedRun,
  Diagnostic,
  Expression,
  Generation,
} from '../shapes/index.ts';
import type { GenerationResult, TokenChoice, TokenTexts } from '../trace/index.ts';
import type { FeedResult } from './feeds.ts';
import { chooseToken } from './sampling.ts';
import { SteppedModel } from './stepped-model.ts';

/** A run with all its values, ready to be executed. */
export interface PreparedRun {
  readonly built: BuiltRun;
  readonly graph: Graph;
  readonly feeds: Feeds;
}

export interface GenerationRequest {
  readonly run: CheckedRun;
  readonly generation: Generation;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly first: PreparedRun;
  /** The same run with other tokens. */
  readonly build: (input: string, tokens: readonly number[]) => BuiltRun | undefined;
  /** Values of inputs; parameters have theirs. */
  readonly feedsOf: (built: BuiltRun, graph: Graph) => Promise<FeedResult>;
  readonly execute: (prepared: PreparedRun) => Promise<GraphRun>;
  readonly textsOf: TokenTexts;
  /** Called after every token. */
  readonly progress: (done: number, tokens: readonly number[]) => void;
}

export type GenerationOutcome =
  | {
      readonly kind: 'done';
      /** Over the prompt and all new tokens but the last, which no value depends on. */
      readonly last: PreparedRun;
      readonly result: GenerationResult;
    }
  | { readonly kind: 'rejected'; readonly diagnostics: readonly Diagnostic[] };

/** Rejects with RunStopped where the user ended it. */
export async function generateTokens(request: GenerationRequest): Promise<GenerationOutcome> {
  const { generation, first, seed, signal } = request;
  const { tokens: input } = planOf(first.graph);
  const { uniform } = keyedStream(seed, 'generate');
  const prompt = [...valuesOf(first.feeds.get(input.id), input.shape[0] ?? 0)];
  const tokens = [...prompt];
  const steps: TokenChoice[] = [];
  const model = new SteppedModel(request);
  try {
    for (let prepared = first; ; ) {
      if (signal.aborted) throw new RunStopped(t`The run was stopped.`);
      const choice = chooseToken(await model.logits(prepared), generation, uniform);
      steps.push(choice);
      request.progress(steps.length, [...tokens, choice.token]);
      if (steps.length === generation.count) {
        const { reason } = model;
        const texts = textsIn(request, prompt, steps);
        return { kind: 'done', last: prepared, result: { prompt, steps, texts, reason } };
      }
      tokens.push(choice.token);
      const next = await withTokens(request, input.name, tokens, first);
      if (next.kind === 'rejected') return next;
      prepared = next.prepared;
    }
  } finally {
    model.dispose();
  }
}

/** The text of every token that is named somewhere. */
function textsIn(
  { textsOf }: GenerationRequest,
  prompt: readonly number[],
  steps: readonly TokenChoice[],
): ReadonlyMap<number, string> | undefined {
  const named = steps.flatMap(({ token, candidates }) => [
    token,
    ...candidates.map((each) => each.token),
  ]);
  const ids = [...new Set([...prompt, ...named])];
  const texts = textsOf(ids);
  return texts && new Map(ids.map((id, i) => [id, texts[i] ?? String(id)]));
}

function planOf(graph: Graph): GenerationPlan {
  const plan = generationPlan(graph);
  if (typeof plan === 'string') throw new Error(plan);
  return plan;
}

function valuesOf(feed: Feed | undefined, count: number): Float64Array {
  const values = new Float64Array(count);
  feed?.fill(values);
  return values;
}

type Next =
  | { readonly kind: 'prepared'; readonly prepared: PreparedRun }
  | (GenerationOutcome & { readonly kind: 'rejected' });

/** The run with more tokens; parameters keep the values that they have. */
async function withTokens(
  { build, feedsOf }: GenerationRequest,
  input: string,
  tokens: readonly number[],
  first: PreparedRun,
): Promise<Next> {
  const built = build(input, tokens);
  const graph = built?.graph;
  const errors = built?.diagnostics.filter(({ severity }) => severity === 'error') ?? [];
  if (built === undefined || graph === undefined || errors.length > 0) {
    return { kind: 'rejected', diagnostics: errors };
  }
  const parameters = new Map(
    first.graph.parameters.map(({ path, id }) => [path, first.feeds.get(id)]),
  );
  const own = await feedsOf(built, { ...graph, parameters: [] });
  if (own.diagnostics.some(({ severity }) => severity === 'error')) {
    return { kind: 'rejected', diagnostics: own.diagnostics };
  }
  const kept = graph.parameters.flatMap(({ path, id }) => {
    const values = parameters.get(path);
    return values === undefined ? [] : [[id, values] as const];
  });
  return { kind: 'prepared', prepared: { built, graph, feeds: new Map([...own.feeds, ...kept]) } };
}

/** The program in which a run has these tokens. */
export function programWithTokens(
  program: CheckedProgram,
  run: CheckedRun,
  input: string,
  tokens: readonly number[],
): CheckedProgram {
  const { source } = run;
  const literal = { shape: [tokens.length], data: tokens };
  const value: Expression = { kind: 'literal', literal, source };
  const settings = [
    ...run.settings.filter(({ name }) => name !== input),
    { name: input, nameSource: source, value },
  ];
  const runs = program.runs.map((each) => (each.name === run.name ? { ...each, settings } : each));
  return { ...program, runs };
}
