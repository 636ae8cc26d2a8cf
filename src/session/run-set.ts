/** A run and the runs whose values it uses: the stages in order, each with what it found and what is wrong with it. */
import { t } from '@vscode/l10n';
import {
  type Analysis,
  type BuiltRun,
  buildRun,
  costOf,
  type FileAccess,
  type RunOverrides,
  runFilesOf,
} from '../analysis/index.ts';
import {
  type BackendWish,
  type Engine,
  FeedFault,
  type GraphRun,
  MemoryShort,
  type RunControl,
  RunFault,
} from '../engine/index.ts';
import type { Graph } from '../graph/index.ts';
import {
  type CheckedProgram,
  type CheckedRun,
  type Diagnostic,
  DiagnosticList,
  diagnostic,
  type Generation,
} from '../shapes/index.ts';
import type { GenerationResult, SourceRange, TokenTexts, Trace } from '../trace/index.ts';
import { joinedTraces, programsOfFamily, seedOf } from './family-settings.ts';
import { type FeedResult, feedsOf, unreadableInputs } from './feeds.ts';
import {
  type GenerationOutcome,
  generateTokens,
  type PreparedRun,
  programWithTokens,
} from './generate.ts';
import { ownPathsOf, placeInFile } from './graph-places.ts';
import { tooLarge } from './memory.ts';
import { plainOutcome, runSweep, type SweepOutcome, type SweepRequest } from './sweep.ts';
import { traceOf } from './trace-of.ts';

export interface ProgramRun {
  readonly uri: string;
  readonly text: string;
  readonly files: FileAccess;
  /** A run, a model or a block; the first run, else model, else block where absent. */
  readonly target: string | undefined;
  readonly backend: BackendWish;
  /** Of the file before an edit; see `analyze`. */
  readonly before?: Analysis | undefined;
  /** In place of the run's own. */
  readonly seed?: number | undefined;
  /** In place of what the file says, in every run of it. */
  readonly overrides?: RunOverrides | undefined;
}

export type RunResult =
  | {
      readonly kind: 'done';
      readonly trace: Trace;
      readonly ownPaths: ReadonlyMap<string, string>;
      readonly diagnostics: readonly Diagnostic[];
    }
  | { readonly kind: 'rejected'; readonly diagnostics: readonly Diagnostic[] };

function withoutRepeats(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const list = new DiagnosticList();
  for (const each of found) list.add(each);
  return list.all;
}

/** How many tokens the progress of a generation shows. */
const shownTokens = 24;

/** What came about before a run is executed. */
interface Extras {
  readonly generation?: GenerationResult;
  /** Of its inputs and weights. */
  readonly warnings?: readonly Diagnostic[];
}

/** A run and the runs whose values it uses. */
export class RunSet {
  readonly #engine: Engine;
  readonly #request: ProgramRun;
  readonly #analysis: Analysis;
  readonly #control: RunControl;
  readonly #results = new Map<string, Promise<RunResult>>();
  readonly #open: GraphRun[] = [];
  readonly #item: number;

  /** @param item which value of a batch of inputs */
  constructor(
    engine: Engine,
    request: ProgramRun,
    analysis: Analysis,
    control: RunControl,
    item: number,
  ) {
    this.#item = item;
    this.#engine = engine;
    this.#request = request;
    this.#analysis = analysis;
    this.#control = control;
  }

  run(name: string): Promise<RunResult> {
    const known = this.#results.get(name);
    if (known !== undefined) return known;
    const result = this.#start(name);
    this.#results.set(name, result);
    return result;
  }

  dispose(): void {
    for (const { execution } of this.#open) execution.dispose();
    this.#open.length = 0;
  }

  /** A family whose variables stand in settings is built anew for each of their values. */
  async #start(name: string): Promise<RunResult> {
    const { program, dimFacts } = this.#analysis;
    const run = program.runs.find((each) => each.name === name);
    const [first = program, ...more] = programsOfFamily(program, run, dimFacts);
    const result = await this.#startIn(first, name);
    const traces = result.kind === 'done' ? [result.trace] : [];
    for (const other of result.kind === 'done' ? more : []) {
      const open = this.#open.length;
      const next = await this.#startIn(other, name);
      if (next.kind === 'rejected') return next;
      traces.push(next.trace);
      for (const { execution } of this.#open.splice(open)) execution.dispose();
    }
    return result.kind === 'done' ? { ...result, trace: joinedTraces(traces) } : result;
  }

  async #startIn(program: CheckedProgram, name: string): Promise<RunResult> {
    const { files } = this.#request;
    const built = this.#build(name, program);
    if (built === undefined) return { kind: 'rejected', diagnostics: this.#unknown(name) };
    const { graph, run } = built;
    const errors = built.diagnostics.filter(({ severity }) => severity === 'error');
    // A program with a broken value still runs as far as that value.
    if (graph === undefined || graph.values.size === 0) {
      const unread = run === undefined ? [] : unreadableInputs(run, { program, files });
      const known = errors.length > 0 ? errors : this.#analysis.diagnostics;
      return { kind: 'rejected', diagnostics: unread.length > 0 ? unread : known };
    }
    const misread = run === undefined ? [] : this.#errorsOfRun(run, errors);
    if (misread.length > 0) return { kind: 'rejected', diagnostics: misread };
    const place = run?.source ?? built.target.source;
    const excess = await tooLarge(this.#engine, graph, this.#wish(built), this.#control, place);
    if (excess !== undefined) return { kind: 'rejected', diagnostics: [excess] };
    const seed = this.#request.seed ?? (run && seedOf(run, built.facts)) ?? 0;
    const { feeds, diagnostics } = await this.#feeds(built, graph, seed);
    const refused = diagnostics.some(({ severity }) => severity === 'error');
    if (refused) return { kind: 'rejected', diagnostics };
    const prepared = { built, graph, feeds };
    const { generation } = run ?? {};
    const warnings = diagnostics;
    if (run === undefined || generation === undefined) {
      return this.#execute(prepared, seed, { warnings });
    }
    const grown = await this.#generate(prepared, run, generation, seed);
    if (grown.kind === 'rejected') return grown;
    return this.#execute(grown.last, seed, { generation: grown.result, warnings });
  }

  #build(name: string, program: CheckedProgram): BuiltRun | undefined {
    const { uri, files } = this.#request;
    const { textOf } = this.#analysis;
    return buildRun({ program, textOf, files: runFilesOf(files, uri), item: this.#item }, name);
  }

  #feeds({ run, facts }: BuiltRun, graph: Graph, seed: number): Promise<FeedResult> {
    return feedsOf({
      ...{ graph, run, facts, seed },
      program: this.#analysis.program,
      files: this.#request.files,
      signal: this.#control.signal,
      valueOfRun: (other, path) => this.#valueOf(other, path),
    });
  }

  #generate(
    first: PreparedRun,
    run: CheckedRun,
    generation: Generation,
    seed: number,
  ): Promise<GenerationOutcome> {
    const { program } = this.#analysis;
    const { signal, progress } = this.#control;
    const textsOf = this.#textsOf(run) ?? (() => undefined);
    return generateTokens({
      ...{ run, generation, seed, signal, first },
      build: (input, tokens) =>
        this.#build(run.name, programWithTokens(program, run, input, tokens)),
      // The weights are read once.
      feedsOf: (built, graph) =>
        this.#feeds({ ...built, run: { ...run, weights: undefined } }, graph, seed),
      execute: ({ built, graph, feeds }) =>
        this.#engine.runGraph(graph, feeds, this.#wish(built), { signal, progress: () => {} }),
      textsOf,
      progress: (done, tokens) => {
        const shown = tokens.slice(-shownTokens);
        const text = textsOf(shown)?.join('') ?? shown.join(' ');
        progress(done, generation.count, text);
      },
    });
  }

  async #execute(
    { built, graph, feeds }: PreparedRun,
    seed: number,
    { generation, warnings = [] }: Extras = {},
  ): Promise<RunResult> {
    const { program, immediate } = this.#analysis;
    const wish = this.#wish(built);
    try {
      const result = await this.#engine.runGraph(graph, feeds, wish, this.#control);
      this.#open.push(result);
      const experiment = await this.#experiment(built, { graph, feeds, result }, seed, wish);
      if (experiment.kind === 'rejected') return experiment;
      const { expectations, result: sweep } = experiment;
      const found = withoutRepeats([...immediate, ...built.diagnostics, ...warnings]);
      const trace = traceOf({
        item: this.#item,
        program,
        built,
        graph,
        feeds,
        result,
        rerun: async (part, given) => {
          const control = { signal: new AbortController().signal, progress: () => {} };
          return (await this.#engine.runGraph(part, given, wish, control)).execution;
        },
        seed,
        expectations,
        sweep,
        generation,
        textsOf: this.#textsOf(built.run),
        diagnostics: found,
        cost: () => costOf(this.#analysis, built.target),
      });
      return { kind: 'done', trace, ownPaths: ownPathsOf(graph), diagnostics: found };
    } catch (error) {
      if (error instanceof MemoryShort) {
        const where = built.run?.source ?? built.target.source;
        return { kind: 'rejected', diagnostics: [diagnostic('tooLarge', where, error.message)] };
      }
      if (!(error instanceof RunFault)) throw error;
      const node = graph.nodes[error.node];
      const code = error.cause instanceof FeedFault ? 'fileUnreadable' : 'tokenRange';
      const place = placeInFile(program.uri, node) ?? built.run?.source ?? built.target.source;
      return { kind: 'rejected', diagnostics: [diagnostic(code, place, error.message)] };
    }
  }

  /** What the run asks of its values: its expectations and metrics, in every combination where it is a family. */
  async #experiment(
    built: BuiltRun,
    plain: SweepRequest['plain'],
    seed: number,
    wish: BackendWish,
  ): Promise<SweepOutcome> {
    const { run, sweep } = built;
    if (run === undefined || sweep === undefined) return plainOutcome(plain);
    return runSweep({
      ...{ engine: this.#engine, wish, control: this.#control, run, sweep, plain },
      // The plain run has the weights already.
      feedsOf: (graph) =>
        this.#feeds({ ...built, run: { ...run, weights: undefined } }, graph, seed),
    });
  }

  /** Without a patch or setting that it names the run would be another one; an expectation more or less is no matter. */
  #errorsOfRun(
    { extent, expectationPlaces }: CheckedRun,
    built: readonly Diagnostic[],
  ): readonly Diagnostic[] {
    const errors = this.#analysis.immediate.filter(({ severity }) => severity === 'error');
    const inRun = [...built, ...errors].filter(
      ({ source }) =>
        isWithin(source, extent) && !expectationPlaces.some((place) => isWithin(source, place)),
    );
    return withoutRepeats(inRun);
  }

  /** What tokens read as, where the run names a tokenizer. */
  #textsOf(run: CheckedRun | undefined): TokenTexts | undefined {
    const { tokenizer } = run ?? {};
    const { uri, files } = this.#request;
    return tokenizer && ((ids) => runFilesOf(files, uri).tokensOf(tokenizer.file, ids)?.texts);
  }

  /** The command's choice goes before the run's. */
  #wish({ run }: BuiltRun): BackendWish {
    const { backend } = this.#request;
    return backend === 'auto' ? (run?.backend ?? 'auto') : backend;
  }

  async #valueOf(run: string, path: string): Promise<Float64Array | undefined> {
    const result = await this.run(run);
    if (result.kind === 'rejected') return undefined;
    const values = await result.trace.read(path);
    return values && Float64Array.from(values.data);
  }

  #unknown(name: string): readonly Diagnostic[] {
    // A run without anything to run is there, and what is wrong with it is known.
    const { program, diagnostics } = this.#analysis;
    if (program.runs.some((run) => run.name === name)) return diagnostics;
    const names = this.#analysis.targets.map((target) => target.name).join(', ');
    const source = { uri: this.#request.uri, start: 0, end: 0 };
    const message = t`There is no run, model or block ${name} here: there are ${names}.`;
    return [diagnostic('unknownModel', source, message)];
  }
}

function isWithin(inner: SourceRange, outer: SourceRange): boolean {
  return inner.uri === outer.uri && outer.start <= inner.start && inner.end <= outer.end;
}
