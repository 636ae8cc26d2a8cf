/** Runs: one at a time, with what the last one left. Features listen; nobody else starts or stops the engine. */
import * as vscode from 'vscode';
import {
  durationText,
  type EngineEvents,
  type Problem,
  type TraceSummary,
} from '../views/index.ts';
import { addressOf, openTexts } from './documents.ts';
import type { Engine } from './engine.ts';
import { setting } from './settings.ts';

/** How long a run may take to stop by itself before its process is ended. */
const patience = 2000;

/** What is being run: the program's address, and the run, model or block in it (its first run where absent). */
export interface RunSubject {
  readonly program: string;
  readonly target: string | undefined;
}

export type RunState =
  | { readonly kind: 'idle' }
  | ({ readonly kind: 'running' } & RunSubject & EngineEvents['progress'])
  | ({
      readonly kind: 'done';
      readonly summary: TraceSummary;
      readonly stale: boolean;
    } & RunSubject)
  | ({ readonly kind: 'stopped' } & RunSubject)
  /** The program does not check, or its files cannot be read. */
  | ({ readonly kind: 'rejected'; readonly problems: readonly Problem[] } & RunSubject)
  /** The engine failed. */
  | ({ readonly kind: 'failed'; readonly message: string } & RunSubject);

export type FinishedRun = Exclude<RunState, { kind: 'idle' | 'running' }>;
export type DoneRun = Extract<RunState, { kind: 'done' }>;

interface Current {
  readonly finished: Promise<FinishedRun>;
  isStopping: boolean;
}

export class Runs implements vscode.Disposable {
  readonly #engine: Engine;
  readonly #output: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<RunState>();
  readonly #disposables: readonly vscode.Disposable[];
  #state: RunState = { kind: 'idle' };
  #last: DoneRun | undefined;
  #current: Current | undefined;

  constructor(engine: Engine, output: vscode.LogOutputChannel) {
    this.#engine = engine;
    this.#output = output;
    this.#disposables = [
      this.#changed,
      engine.onProgress((progress) => {
        if (this.#state.kind === 'running') this.#set({ ...this.#state, ...progress });
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#edited(addressOf(document.uri));
      }),
    ];
  }

  /** Fires with every step of a run, and when the text of the last one changes. */
  readonly onDidChange = this.#changed.event;

  get state(): RunState {
    return this.#state;
  }

  /** The last run that reached its end, whose trace the engine still has. */
  get last(): DoneRun | undefined {
    return this.#last;
  }

  /** Stops what runs, then runs. Resolves when that is over, however it ended. */
  async run(program: string, target: string | undefined): Promise<FinishedRun> {
    while (this.#current !== undefined) await this.stop();
    const subject = { program, target };
    this.#set({ kind: 'running', ...subject, done: 0, total: 0, label: '' });
    const current: Current = { isStopping: false, finished: this.#ask(subject, () => current) };
    this.#current = current;
    const end = await current.finished;
    if (this.#current === current) this.#current = undefined;
    if (end.kind === 'done') this.#last = end;
    this.#output.info(sentence(end));
    this.#set(end);
    return end;
  }

  /** Asks the run to stop, and ends its process where it does not listen. Resolves when nothing runs. */
  async stop(): Promise<void> {
    const current = this.#current;
    if (current === undefined) return;
    current.isStopping = true;
    const asked = this.#engine.ask('stop', {});
    asked.catch((error: unknown) => this.#output.warn(`Stop: ${String(error)}`));
    const timer = setTimeout(() => {
      this.#output.warn('The run did not stop by itself, so the engine was ended.');
      this.#last = undefined;
      this.#engine.end('The run was stopped.');
    }, patience);
    await current.finished;
    clearTimeout(timer);
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  async #ask(subject: RunSubject, current: () => Current): Promise<FinishedRun> {
    const { program, target } = subject;
    try {
      const outcome = await this.#engine.ask('run', {
        uri: program,
        documents: openTexts(),
        backend: setting('engine.backend'),
        ...(target !== undefined && { target }),
      });
      return outcome.kind === 'done'
        ? { ...outcome, ...subject, stale: false }
        : { ...outcome, ...subject };
    } catch (error) {
      if (!this.#engine.isRunning) this.#last = undefined;
      if (current().isStopping) return { kind: 'stopped', ...subject };
      const message = error instanceof Error ? error.message : String(error);
      return { kind: 'failed', message, ...subject };
    }
  }

  #edited(program: string): void {
    if (this.#last?.program === program) this.#last = { ...this.#last, stale: true };
    const state = this.#state;
    if (state.kind === 'done' && state.program === program && !state.stale) {
      this.#set({ ...state, stale: true });
    }
  }

  #set(state: RunState): void {
    this.#state = state;
    this.#changed.fire(state);
  }
}

/** For the log. */
function sentence(run: FinishedRun): string {
  const what = run.target ?? 'The run';
  switch (run.kind) {
    case 'done': {
      const { summary } = run;
      const { description, reason } = summary.backend;
      const failed = summary.expectations.filter(({ passed }) => !passed).length;
      const expectations = failed === 0 ? '' : ` ${failed} expectations failed.`;
      return `${summary.run} took ${durationText(summary.milliseconds)} on ${description}. ${reason}${expectations}`;
    }
    case 'stopped':
      return `${what} was stopped.`;
    case 'rejected':
      return `${what} cannot run: ${run.problems.map(({ code, message }) => `${code} ${message}`).join(' ')}`;
    case 'failed':
      return `${what} failed: ${run.message}`;
  }
}
