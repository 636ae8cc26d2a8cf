/** Runs: one at a time, with what the last one left. Features listen; nobody else starts or stops the engine. */
import * as vscode from 'vscode';
import type { SourceRange } from '../trace/index.ts';
import {
  durationText,
  type EngineEvents,
  type Problem,
  type RunOutcome,
  type RunRequest,
  type TraceSummary,
} from '../views/index.ts';
import { addressOf, openTexts } from './documents.ts';
import type { Engine } from './engine.ts';
import type { FileAccess } from './file-access.ts';
import { memoryBudget, setting } from './settings.ts';
import { offsetIn } from './text-drift.ts';
import { isTrusted, restrictedText } from './trust.ts';

/** How long a person waits at most for a run to be over that was stopped: it may wind down unseen. */
const politeness = 50;
/** How long a run may take to stop by itself before its process is ended. */
const patience = 2000;

/** What is being run: the program's address, and the run, model or block in it (its first run where absent). */
export interface RunSubject {
  readonly program: string;
  readonly target: string | undefined;
  /** Started by an edit and not by a person: it says nothing of itself. */
  readonly isLive?: boolean;
}

export type RunState =
  | { readonly kind: 'idle' }
  | ({ readonly kind: 'running' } & RunSubject & EngineEvents['progress'])
  | DoneRun
  | ({ readonly kind: 'stopped' } & RunSubject)
  /** The window is in Restricted Mode. */
  | ({ readonly kind: 'restricted' } & RunSubject)
  /** The program does not check, or its files cannot be read. */
  | ({ readonly kind: 'rejected'; readonly problems: readonly Problem[] } & RunSubject)
  /** The engine failed. */
  | ({ readonly kind: 'failed'; readonly message: string } & RunSubject);

export interface DoneRun extends RunSubject {
  readonly kind: 'done';
  readonly summary: TraceSummary;
  /** Why it did not get to its end, if it did not. */
  readonly problems: readonly Problem[];
  /** The open texts that it ran, by address. */
  readonly texts: Readonly<Record<string, string>>;
  /** Whether the program's text has changed since. */
  readonly stale: boolean;
}

export type FinishedRun = Exclude<RunState, { kind: 'idle' | 'running' }>;

interface Current {
  readonly finished: Promise<FinishedRun>;
  isStopping: boolean;
  /** Calls it over, whatever the engine still does. */
  readonly letGo: () => void;
}

/** What runs are made with. */
export interface RunParts {
  readonly engine: Engine;
  readonly access: FileAccess;
  readonly output: vscode.LogOutputChannel;
  /** Texts that a program of a virtual workspace imports, by address. */
  readonly virtualTexts: (program: string) => Promise<Readonly<Record<string, string>>>;
}

export class Runs implements vscode.Disposable {
  readonly #engine: Engine;
  readonly #access: FileAccess;
  readonly #output: vscode.LogOutputChannel;
  readonly #virtualTexts: RunParts['virtualTexts'];
  readonly #changed = new vscode.EventEmitter<RunState>();
  readonly #disposables: readonly vscode.Disposable[];
  #state: RunState = { kind: 'idle' };
  /** By program, the latest last; the engine has their traces. */
  readonly #done = new Map<string, DoneRun>();
  #current: Current | undefined;
  /** What the engine has not answered yet of a run that is over for its user. */
  #winding: Promise<unknown> = Promise.resolve();

  constructor({ engine, access, output, virtualTexts }: RunParts) {
    this.#engine = engine;
    this.#access = access;
    this.#output = output;
    this.#virtualTexts = virtualTexts;
    this.#disposables = [
      this.#changed,
      engine.onDidBreak((message) => this.#broke(message)),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        if (this.#state.kind === 'restricted' || this.#state.kind === 'idle') {
          this.#set({ kind: 'idle' });
        }
      }),
      engine.onProgress((progress) => {
        if (this.#state.kind === 'running') this.#set({ ...this.#state, ...progress });
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#edited(addressOf(document.uri), document.getText());
      }),
      vscode.workspace.onDidSaveTextDocument((document) => this.#saved(document)),
    ];
  }

  /** Fires with every step of a run, and when the text of the last one changes. */
  readonly onDidChange = this.#changed.event;

  get state(): RunState {
    return this.#state;
  }

  /** The latest run that reached its end. */
  get last(): DoneRun | undefined {
    return [...this.#done.values()].at(-1);
  }

  /** The run whose tensors a file shows: its own latest, else the latest that may have used the file. */
  lastFor(address: string): DoneRun | undefined {
    return this.#done.get(address) ?? this.last;
  }

  /** Stops what runs, then runs. Resolves when that is over, however it ended. */
  async run(
    program: string,
    target: string | undefined,
    { isLive = false, generate }: { readonly isLive?: boolean; readonly generate?: number } = {},
  ): Promise<FinishedRun> {
    while (this.#current !== undefined) await this.stop();
    const subject = { program, target, isLive };
    if (!isTrusted()) {
      const restricted: FinishedRun = { kind: 'restricted', ...subject };
      this.#set(restricted);
      return restricted;
    }
    this.#set({ kind: 'running', ...subject, done: 0, total: 0, label: '' });
    const current = this.#start(subject, generate);
    this.#current = current;
    const end = await current.finished;
    if (this.#current === current) this.#current = undefined;
    if (end.kind === 'done') this.#keep(end);
    this.#output.info(sentence(end));
    this.#set(end);
    return end;
  }

  /** Asks the run to stop, and ends its process where it does not listen. Resolves when nothing runs. */
  async stop(): Promise<void> {
    const current = this.#current;
    if (current === undefined) return;
    if (!current.isStopping) {
      current.isStopping = true;
      this.#askToStop();
      setTimeout(current.letGo, politeness);
    }
    await current.finished;
  }

  #askToStop(): void {
    if (!this.#engine.isRunning) return;
    const asked = this.#engine.ask('stop', {});
    asked.catch((error: unknown) => this.#output.warn(`Stop: ${String(error)}`));
    const timer = setTimeout(() => {
      this.#output.warn('The run did not stop by itself, so the engine was ended.');
      this.#done.clear();
      this.#engine.end(vscode.l10n.t('The run was stopped.'));
    }, patience);
    this.#winding = Promise.allSettled([asked, this.#winding]).then(() => clearTimeout(timer));
  }

  /** Of a batch of inputs, the one that everything shows from now on. */
  async chooseItem(item: number): Promise<void> {
    const last = this.last;
    if (last === undefined) return;
    const { program } = last;
    const summary = await this.#engine.ask('chooseItem', { program, item });
    if (this.#done.get(program) !== last) return;
    const shown = { ...last, summary };
    this.#keep(shown);
    if (this.#state.kind === 'done') this.#set(shown);
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #start(subject: RunSubject, generate: number | undefined): Current {
    let letGo = (): void => {};
    const released = new Promise<FinishedRun>((done) => {
      letGo = () => done({ kind: 'stopped', ...subject });
    });
    const asked = this.#ask(subject, () => current.isStopping, generate);
    const finished = Promise.race([asked, released]);
    const current: Current = { isStopping: false, letGo, finished };
    return current;
  }

  async #ask(
    subject: RunSubject,
    isStopping: () => boolean,
    generate: number | undefined,
  ): Promise<FinishedRun> {
    const { program } = subject;
    try {
      await this.#winding;
      const texts = { ...(await this.#virtualTexts(program)), ...openTexts() };
      if (isStopping()) return { kind: 'stopped', ...subject };
      const request = () => this.#asked(this.#request(subject, texts, generate));
      let outcome = await request();
      if (outcome.kind === 'rejected' && (await this.#mayRead(outcome.outside, subject))) {
        outcome = await request();
      }
      return outcome.kind === 'done'
        ? { ...outcome, ...subject, texts, stale: openTexts()[program] !== texts[program] }
        : { ...outcome, ...subject };
    } catch (error) {
      if (!this.#engine.isRunning) this.#done.clear();
      if (isStopping()) return { kind: 'stopped', ...subject };
      const message = error instanceof Error ? error.message : String(error);
      return { kind: 'failed', message, ...subject };
    }
  }

  /** A process that has ended is not missed at once: one that answers a small question first is there. */
  async #asked(request: RunRequest): Promise<RunOutcome> {
    try {
      await this.#engine.ask('stop', {});
    } catch {
      this.#engine.end(vscode.l10n.t('The TBlock engine had ended.'));
    }
    return this.#engine.ask('run', request);
  }

  #request(
    { program, target }: RunSubject,
    documents: Readonly<Record<string, string>>,
    generate: number | undefined,
  ): RunRequest {
    return {
      uri: program,
      documents,
      backend: setting('engine.backend'),
      scope: this.#access.scope,
      ...memoryBudget(),
      ...(target !== undefined && { target }),
      ...(generate !== undefined && { generate }),
    };
  }

  /** Asks for the folders of files outside of the workspace; an edit's run asks nothing. */
  async #mayRead(files: readonly string[], { program, isLive }: RunSubject): Promise<boolean> {
    if (files.length === 0 || isLive === true) return false;
    for (const file of files) {
      if (!(await this.#access.ask(file, program, 'run'))) return false;
    }
    return true;
  }

  /** The engine is gone, and nobody was waiting for a run: what was shown of the last one cannot be shown any more. */
  #broke(message: string): void {
    const { last } = this;
    if (this.#current !== undefined || last === undefined) return;
    this.#done.clear();
    const { program, target } = last;
    this.#set({
      kind: 'failed',
      message: `${message} ${vscode.l10n.t('The values of the last run are gone.')}`,
      program,
      target,
    });
  }

  #keep(run: DoneRun): void {
    this.#done.delete(run.program);
    this.#done.set(run.program, run);
  }

  /** An edit that is taken back makes the run that of the text again. */
  #edited(program: string, text: string): void {
    const run = this.#done.get(program);
    const stale = run?.texts[program] !== text;
    if (run === undefined || run.stale === stale) return;
    this.#done.set(program, { ...run, stale });
    const state = this.#state;
    if (state.kind === 'done' && state.program === program) this.#set({ ...state, stale });
  }

  /** A new file has another address once it is saved. Its run is made again there, of which the engine has all values. */
  #saved(document: vscode.TextDocument): void {
    const [program, text] = [addressOf(document.uri), document.getText()];
    const unsaved = [...this.#done.values()].find(
      (run) => run.program.startsWith('untitled:') && run.texts[run.program] === text,
    );
    if (unsaved === undefined || this.#current !== undefined || this.#done.has(program)) return;
    this.#done.delete(unsaved.program);
    void this.run(program, unsaved.target, { isLive: true });
  }

  #set(state: RunState): void {
    this.#state = state;
    this.#changed.fire(state);
  }
}

/** Where an offset of a document now was in the text of a run; undefined where the text has changed. */
export function offsetInRun(
  run: DoneRun,
  document: vscode.TextDocument,
  offset: number,
): number | undefined {
  const text = document.getText();
  return offsetIn(run.texts[addressOf(document.uri)] ?? text, text, offset);
}

/** Where a place in the text of a run is now. Inside what has changed it is the nearest place. */
export function rangeOfRun(
  run: DoneRun | undefined,
  document: vscode.TextDocument,
  source: SourceRange,
): vscode.Range {
  const text = document.getText();
  const before = run?.texts[source.uri] ?? text;
  const start = offsetIn(text, before, source.start) ?? Math.min(source.start, text.length);
  const end = offsetIn(text, before, source.end) ?? start;
  return new vscode.Range(document.positionAt(start), document.positionAt(Math.max(start, end)));
}

function codesOf(problems: readonly Problem[]): string {
  return problems.map(({ code, message }) => `${code} ${message}`).join(' ');
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
      const broken = run.problems.length === 0 ? '' : ` It ran as far as ${codesOf(run.problems)}.`;
      return `${summary.run} took ${durationText(summary.milliseconds)} on ${description}. ${reason}${expectations}${broken}`;
    }
    case 'stopped':
      return `${what} was stopped.`;
    case 'restricted':
      return restrictedText;
    case 'rejected':
      return `${what} cannot run: ${codesOf(run.problems)}`;
    case 'failed':
      return `${what} failed: ${run.message}`;
  }
}
