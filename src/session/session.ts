/** Open programs and their last traces: text in, plain data out. What the engine process serves. */
import { type Engine, type RunControl, RunStopped } from '../engine/index.ts';
import type { Diagnostic, NameFact } from '../shapes/index.ts';
import type { Trace } from '../trace/index.ts';
import {
  type Ground,
  type Problem,
  type RunOutcome,
  type RunRequest,
  summarize,
  type TensorPeek,
  type TestOutcome,
  type ViewRequest,
  viewOf,
} from '../views/index.ts';
import { diskFiles } from './disk-files.ts';
import { pathsAt, peekTensor } from './peek.ts';
import { type ProgramRun, runProgram } from './run-program.ts';

interface LastRun {
  readonly trace: Trace;
  /** Names in the program's text. */
  readonly facts: readonly NameFact[];
  readonly dispose: () => void;
}

export type Progress = (done: number, total: number, label: string) => void;

export class Session {
  readonly #engine: Engine;
  readonly #traces = new Map<string, LastRun>();
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

  async view(request: ViewRequest) {
    return viewOf(this.#traceOf(request.program), request);
  }

  async peek(uri: string, offset: number, ground: Ground): Promise<TensorPeek | null> {
    const last = this.#lastRunFor(uri);
    if (last === undefined) return null;
    return peekTensor(last.trace, pathsAt(last.trace, last.facts, uri, offset), ground);
  }

  locate(uri: string, offset: number): readonly string[] {
    const last = this.#lastRunFor(uri);
    return last === undefined ? [] : pathsAt(last.trace, last.facts, uri, offset);
  }

  async close(): Promise<void> {
    await this.stop();
    for (const { dispose } of this.#traces.values()) dispose();
    this.#traces.clear();
    await this.#engine.close();
  }

  async #run(request: RunRequest, control: RunControl): Promise<RunOutcome> {
    try {
      const outcome = await runProgram(this.#engine, programRun(request), control);
      if (outcome.kind === 'rejected') {
        return { kind: 'rejected', problems: outcome.diagnostics.map(problemOf) };
      }
      this.#traces.get(request.uri)?.dispose();
      const { trace, analysis, dispose } = outcome;
      this.#traces.set(request.uri, { trace, facts: analysis.program.facts, dispose });
      const errors = outcome.diagnostics.filter(({ severity }) => severity === 'error');
      return { kind: 'done', summary: summarize(trace), problems: errors.map(problemOf) };
    } catch (error) {
      if (error instanceof RunStopped) return { kind: 'stopped' };
      throw error;
    }
  }

  async #test(request: RunRequest, control: RunControl): Promise<TestOutcome> {
    try {
      const outcome = await runProgram(this.#engine, programRun(request), control);
      const problems = outcome.diagnostics.map(problemOf);
      if (outcome.kind === 'rejected') return { kind: 'rejected', problems };
      outcome.dispose();
      const { expectations, backend, milliseconds } = outcome.trace;
      return { kind: 'done', expectations, backend, milliseconds, problems };
    } catch (error) {
      if (error instanceof RunStopped) return { kind: 'stopped' };
      throw error;
    }
  }

  #traceOf(program: string): Trace {
    const last = this.#traces.get(program);
    if (last === undefined) throw new Error('This program has not been run yet.');
    return last.trace;
  }

  /** The program's own run, or the latest one that a block of this file took part in. */
  #lastRunFor(uri: string): LastRun | undefined {
    const own = this.#traces.get(uri);
    if (own !== undefined) return own;
    return [...this.#traces.values()].findLast(({ trace }) =>
      [...trace.tensors.values()].some(({ source }) => source.uri === uri),
    );
  }
}

function programRun({ uri, documents, target, backend, generate }: RunRequest): ProgramRun {
  const files = diskFiles(documents);
  const text = documents[uri] ?? files.readText(uri) ?? '';
  const overrides = { dims: new Map<string, number>(), weights: undefined, generate };
  return { uri, text, files, target, backend, ...(generate !== undefined && { overrides }) };
}

function problemOf({ code, severity, message, source, related }: Diagnostic): Problem {
  return { code, severity, message, source, related };
}
