/** Open programs and their last traces: text in, plain data out. What the engine process serves. */
import type { Analysis } from '../analysis/index.ts';
import { type Engine, type RunControl, RunStopped } from '../engine/index.ts';
import type { Diagnostic } from '../shapes/index.ts';
import type { TensorValues, Trace } from '../trace/index.ts';
import {
  differenceTrace,
  type Ground,
  type LineValue,
  type Problem,
  type RunLabel,
  type RunOutcome,
  type RunRequest,
  summarize,
  type TensorPeek,
  type TestOutcome,
  type TraceSummary,
  type ViewRequest,
  viewOf,
} from '../views/index.ts';
import { diskFiles } from './disk-files.ts';
import { type KeptRun, KeptRuns } from './kept-runs.ts';
import { lineValues } from './line-values.ts';
import { pathsAt, peekTensor } from './peek.ts';
import { runProgram } from './run-program.ts';
import type { ProgramRun } from './run-set.ts';
import { printTensor, saveTensor } from './save-tensor.ts';

export type Progress = (done: number, total: number, label: string) => void;

export class Session {
  readonly #engine: Engine;
  readonly #runs = new KeptRuns();
  /** Of every program as it was run last: after an edit only what changed is looked at again. */
  readonly #analyses = new Map<string, Analysis>();
  #current: { readonly abort: AbortController; readonly finished: Promise<unknown> } | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** One run at a time: a new one ends the one before it. */
  run(request: RunRequest, progress: Progress): Promise<RunOutcome> {
    return this.#alone((signal) => this.#run(request, { signal, progress }));
  }

  /** Runs for what the run expects, and keeps nothing else of it. */
  test(request: RunRequest): Promise<TestOutcome> {
    return this.#alone((signal) => this.#test(request, { signal, progress: () => {} }));
  }

  async #alone<Outcome>(start: (signal: AbortSignal) => Promise<Outcome>): Promise<Outcome> {
    await this.stop();
    const abort = new AbortController();
    const outcome = start(abort.signal);
    const current = { abort, finished: outcome.catch(() => undefined) };
    this.#current = current;
    try {
      return await outcome;
    } finally {
      if (this.#current === current) this.#current = undefined;
    }
  }

  /** Ends the current run at the next kernel boundary, and waits for it. */
  async stop(): Promise<void> {
    this.#current?.abort.abort();
    await this.#current?.finished;
  }

  async view({ of, program, ...asked }: ViewRequest) {
    return viewOf(this.#traceOf(program, of), asked);
  }

  /** Of a batch of inputs, the one that everything shows from now on. */
  chooseItem(program: string, item: number): TraceSummary {
    const chosen = this.#runs.choose(program, item);
    if (chosen === undefined) throw new Error(`The last run has no input ${item + 1}.`);
    return summarize(chosen);
  }

  /** The runs that views can be asked of, the newest first. */
  runs(program: string): readonly RunLabel[] {
    return this.#runs.labels(program);
  }

  async printTensor(program: string, path: string): Promise<string> {
    return printTensor(await this.#valuesOf(program, path));
  }

  /** Writes a tensor of the last run: `.npy` as NumPy does, anything else as CSV of its last axis. */
  async saveTensor(program: string, path: string, file: string): Promise<void> {
    saveTensor(await this.#valuesOf(program, path), file);
  }

  async peek(uri: string, offset: number, ground: Ground): Promise<TensorPeek | null> {
    const last = this.#lastRunFor(uri);
    if (last === undefined) return null;
    return peekTensor(last.trace, pathsAt(last.trace, last.facts, uri, offset), ground);
  }

  async lineValues(uri: string): Promise<readonly LineValue[]> {
    const last = this.#lastRunFor(uri);
    return last === undefined ? [] : lineValues(last.trace, uri);
  }

  locate(uri: string, offset: number): readonly string[] {
    const last = this.#lastRunFor(uri);
    return last === undefined ? [] : pathsAt(last.trace, last.facts, uri, offset);
  }

  async close(): Promise<void> {
    await this.stop();
    this.#runs.close();
    await this.#engine.close();
  }

  async #run(request: RunRequest, control: RunControl): Promise<RunOutcome> {
    try {
      const { outcome, outside } = await this.#outcomeOf(request, control);
      if (outcome.kind === 'rejected') {
        return { kind: 'rejected', problems: problemsOf(outcome.diagnostics), outside };
      }
      const { trace, traces, analysis, dispose } = outcome;
      // Whoever stopped it counts on the run before it.
      if (control.signal.aborted) {
        dispose();
        return { kind: 'stopped' };
      }
      this.#runs.add({ trace, traces, facts: analysis.program.facts, dispose });
      const errors = outcome.diagnostics.filter(({ severity }) => severity === 'error');
      return { kind: 'done', summary: summarize(trace), problems: errors.map(problemOf) };
    } catch (error) {
      if (error instanceof RunStopped) return { kind: 'stopped' };
      throw error;
    }
  }

  async #test(request: RunRequest, control: RunControl): Promise<TestOutcome> {
    try {
      const { outcome, outside } = await this.#outcomeOf(request, control);
      const problems = problemsOf(outcome.diagnostics);
      if (outcome.kind === 'rejected') return { kind: 'rejected', problems, outside };
      outcome.dispose();
      const { expectations, backend, milliseconds } = outcome.trace;
      return { kind: 'done', expectations, backend, milliseconds, problems };
    } catch (error) {
      if (error instanceof RunStopped) return { kind: 'stopped' };
      throw error;
    }
  }

  /** `outside`: the files that the program names and may not read. */
  async #outcomeOf(request: RunRequest, control: RunControl) {
    const outside = new Set<string>();
    const before = this.#analyses.get(request.uri);
    const asked = { ...programRun(request, outside), before };
    const outcome = await runProgram(this.#engine, asked, within(request, control));
    this.#analyses.set(request.uri, outcome.analysis);
    return { outcome, outside: [...outside] };
  }

  async #valuesOf(program: string, path: string): Promise<TensorValues> {
    const values = await this.#traceOf(program, undefined).read(path);
    if (values === undefined) throw new Error(`This run has no tensor called ${path}.`);
    return values;
  }

  /** The one place that says which trace a view is of. */
  #traceOf(program: string, of: ViewRequest['of']): Trace {
    const last = this.#runs.latest(program)?.trace;
    if (last === undefined) throw new Error('This program has not been run yet.');
    if (of === undefined) return last;
    const other = this.#runs.byId(of.run)?.trace;
    if (other === undefined) throw new Error('The other run is no longer there.');
    return of.as === 'itself' ? other : differenceTrace(last, other);
  }

  /** The program's own run, or the latest one that a block of this file took part in. */
  #lastRunFor(uri: string): KeptRun | undefined {
    return this.#runs.latest(uri) ?? this.#runs.latestWith(uri);
  }
}

/** @param outside takes the files that the program names and may not read */
function programRun(
  { uri, documents, target, backend, generate, scope }: RunRequest,
  outside: Set<string>,
): ProgramRun {
  const reach = scope && { scope, program: uri, refused: (file: string) => outside.add(file) };
  const files = diskFiles(documents, reach);
  const text = documents[uri] ?? files.readText(uri) ?? '';
  const overrides = { dims: new Map<string, number>(), weights: undefined, generate };
  return { uri, text, files, target, backend, ...(generate !== undefined && { overrides }) };
}

/** Errors first: the first one is what a message says. */
function problemsOf(diagnostics: readonly Diagnostic[]): readonly Problem[] {
  const problems = diagnostics.map(problemOf);
  const ofSeverity = (wanted: Problem['severity']) =>
    problems.filter(({ severity }) => severity === wanted);
  return [...ofSeverity('error'), ...ofSeverity('warning')];
}

/** Hints say nothing of a run. */
function problemOf({ code, severity, message, source, related }: Diagnostic): Problem {
  return { code, severity: severity === 'error' ? 'error' : 'warning', message, source, related };
}

/** The request's own limit goes with the run. */
function within({ memoryBudget }: RunRequest, control: RunControl): RunControl {
  return memoryBudget === undefined ? control : { ...control, memoryBudget };
}
