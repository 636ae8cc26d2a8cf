/** The Test Explorer: every run of a program is a test, and every line that it expects a check. */
import * as vscode from 'vscode';
import type { RunChecks } from '../language/index.ts';
import type { ExpectationResult } from '../trace/index.ts';
import type { TestOutcome } from '../views/index.ts';
import { programOrAdvice } from './advice.ts';
import { addressOf, languageId, openTexts } from './documents.ts';
import type { Feature, Parts } from './feature.ts';
import { memoryBudget, setting } from './settings.ts';
import { isTrusted } from './trust.ts';

/** How long the text must rest before its tests are looked for again. */
const patience = 300;
/** How often the language server is asked for a file that it does not have yet. */
const attempts = 20;
const programs = '**/*.tblock';
const foreign = '**/node_modules/**';

export const testExplorer: Feature = (parts) => {
  const controller = vscode.tests.createTestController('tblock', 'TBlock');
  const tests = new RunTests(parts, controller);
  controller.resolveHandler = (item) => (item === undefined ? tests.discover() : tests.read(item));
  controller.refreshHandler = () => tests.discover();
  const profile = controller.createRunProfile(
    'Run',
    vscode.TestRunProfileKind.Run,
    async (request, token) => void (await tests.run(request, token)),
    true,
  );
  const watcher = vscode.workspace.createFileSystemWatcher(programs, false, true, false);
  const timers = new Map<string, NodeJS.Timeout>();
  const readSoon = ({ uri, languageId: language }: vscode.TextDocument) => {
    if (language !== languageId || uri.scheme === languageId) return;
    clearTimeout(timers.get(uri.toString()));
    timers.set(
      uri.toString(),
      setTimeout(() => tests.readFile(uri), patience),
    );
  };
  for (const document of vscode.workspace.textDocuments) readSoon(document);
  const trusted = vscode.workspace.onDidGrantWorkspaceTrust(() => tests.trusted());
  return [
    controller,
    profile,
    watcher,
    trusted,
    watcher.onDidCreate((uri) => isTrusted() && tests.fileItem(uri)),
    watcher.onDidDelete((uri) => controller.items.delete(uri.toString())),
    vscode.workspace.onDidOpenTextDocument(readSoon),
    vscode.workspace.onDidChangeTextDocument(({ document }) => readSoon(document)),
    vscode.commands.registerCommand('tblock.runAll', () => tests.runCurrentFile()),
    { dispose: () => timers.forEach(clearTimeout) },
  ];
};

/** The check's place in the text, by test item. */
type Starts = WeakMap<vscode.TestItem, number>;

class RunTests {
  readonly #parts: Parts;
  readonly #controller: vscode.TestController;
  readonly #starts: Starts = new WeakMap();
  #isWanted = false;

  constructor(parts: Parts, controller: vscode.TestController) {
    this.#parts = parts;
    this.#controller = controller;
  }

  /** One item per program of the workspace; what is in it is read when somebody looks. */
  async discover(): Promise<void> {
    this.#isWanted = true;
    // In Restricted Mode only what the user opens is looked into.
    if (!isTrusted()) return;
    const files = await vscode.workspace.findFiles(programs, foreign);
    for (const uri of files) this.fileItem(uri);
    await Promise.all([...this.#controller.items].map(([, item]) => this.read(item)));
  }

  trusted(): void {
    if (!this.#isWanted) return;
    this.discover().catch((error: unknown) => this.#parts.output.error(`Tests: ${String(error)}`));
  }

  fileItem(uri: vscode.Uri): vscode.TestItem {
    const known = this.#controller.items.get(uri.toString());
    if (known !== undefined) return known;
    const label = vscode.workspace.asRelativePath(uri);
    const item = this.#controller.createTestItem(uri.toString(), label, uri);
    item.canResolveChildren = true;
    this.#controller.items.add(item);
    return item;
  }

  readFile(uri: vscode.Uri): void {
    this.read(this.fileItem(uri)).catch((error: unknown) =>
      this.#parts.output.error(`The tests of ${uri.fsPath} could not be read: ${String(error)}`),
    );
  }

  /** Reads the runs of a program's item. A program without runs has no item. */
  async read(item: vscode.TestItem): Promise<void> {
    const { uri } = item;
    if (uri === undefined || item.parent !== undefined) return;
    const runs = await this.#checksIn(uri);
    if (runs === null) return;
    // The file may have been deleted and written again meanwhile, as some editors save.
    const file = this.fileItem(uri);
    file.children.replace(runs.map((run) => this.#runItem(file, uri, run)));
    if (runs.length === 0) this.#controller.items.delete(file.id);
  }

  /** Null where the file cannot be opened. */
  async #checksIn(uri: vscode.Uri): Promise<readonly RunChecks[] | null> {
    await vscode.workspace.openTextDocument(uri);
    // What the editor has open, the language server hears of a little later.
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const found = await this.#parts.language.ask('tblock/checks', { uri: uri.toString() });
      if (found !== null) return found;
      await new Promise((done) => setTimeout(done, patience));
    }
    return null;
  }

  #runItem(
    file: vscode.TestItem,
    uri: vscode.Uri,
    { name, variables, range, checks }: RunChecks,
  ): vscode.TestItem {
    const item = this.#item(file, `${uri.toString()}#${name}`, name, uri, range);
    item.description =
      variables.length > 0 ? vscode.l10n.t('for every {0}', variables.join(', ')) : '';
    const children = checks.map(({ text, start, range: place }, i) => {
      const check = this.#item(item, `${item.id}#${i}`, text, uri, place);
      check.sortText = String(i).padStart(6, '0');
      this.#starts.set(check, start);
      return check;
    });
    item.children.replace(children);
    return item;
  }

  /** An item that is there stays the same one, so that what has become of it stays too. */
  #item(
    parent: vscode.TestItem,
    id: string,
    label: string,
    uri: vscode.Uri,
    range: RunChecks['range'],
  ): vscode.TestItem {
    const item = parent.children.get(id) ?? this.#controller.createTestItem(id, label, uri);
    item.label = label;
    item.range = rangeOf(range);
    return item;
  }

  /** Answers with what became of every check. */
  async runCurrentFile(): Promise<readonly CheckResult[] | undefined> {
    const editor = programOrAdvice();
    if (editor === undefined) return undefined;
    const item = this.fileItem(editor.document.uri);
    await vscode.commands.executeCommand('workbench.view.testing.focus');
    const source = new vscode.CancellationTokenSource();
    try {
      return await this.run(new vscode.TestRunRequest([item]), source.token);
    } finally {
      source.dispose();
    }
  }

  /** The runs that are asked for, one after another: a check alone runs its whole run. */
  async run(
    request: vscode.TestRunRequest,
    token: vscode.CancellationToken,
  ): Promise<readonly CheckResult[]> {
    const test = this.#controller.createTestRun(request);
    const results: CheckResult[] = [];
    const asked = request.include ?? [...this.#controller.items].map(([, item]) => item);
    const cancelled = token.onCancellationRequested(() => {
      this.#parts.engine.ask('stop', {}).catch((error: unknown) => {
        this.#parts.output.warn(`Stop: ${String(error)}`);
      });
    });
    try {
      const items = await this.#runItems(asked);
      const excluded = new Set(request.exclude ?? []);
      const chosen = [...items].filter((item) => !excluded.has(item));
      for (const item of chosen) for (const leaf of leavesOf(item)) test.enqueued(leaf);
      for (const item of chosen) {
        for (const leaf of leavesOf(item)) test.started(leaf);
        for (const result of await this.#runOne(item, token)) {
          tell(test, result);
          results.push(result);
        }
      }
      return results;
    } finally {
      cancelled.dispose();
      test.end();
    }
  }

  async #runItems(asked: readonly vscode.TestItem[]): Promise<ReadonlySet<vscode.TestItem>> {
    const items = new Set<vscode.TestItem>();
    for (const item of asked) {
      if (item.parent === undefined) {
        await this.read(item);
        for (const [, run] of this.#controller.items.get(item.id)?.children ?? []) items.add(run);
      } else {
        items.add(item.parent.parent === undefined ? item : item.parent);
      }
    }
    return items;
  }

  async #runOne(
    item: vscode.TestItem,
    token: vscode.CancellationToken,
  ): Promise<readonly CheckResult[]> {
    const every = (state: CheckResult['state'], message = '') =>
      leavesOf(item).map((check) => ({ check, state, message, milliseconds: 0 }));
    if (token.isCancellationRequested || item.uri === undefined) return every('skipped');
    try {
      const outcome = await this.#parts.engine.ask('test', {
        uri: addressOf(item.uri),
        documents: { ...(await this.#parts.language.virtualTexts(item.uri)), ...openTexts() },
        target: item.label,
        backend: setting('engine.backend'),
        scope: this.#parts.access.scope,
        ...memoryBudget(),
      });
      switch (outcome.kind) {
        case 'stopped':
          return every('skipped');
        case 'rejected': {
          const lines = outcome.problems.map(({ code, message }) => `${code} ${message}`);
          return every('errored', lines.join('\n'));
        }
        case 'done':
          return this.#resultsOf(item, outcome);
      }
    } catch (error) {
      return every('errored', error instanceof Error ? error.message : String(error));
    }
  }

  #resultsOf(
    item: vscode.TestItem,
    { expectations, milliseconds: whole }: TestOutcome & { readonly kind: 'done' },
  ): readonly CheckResult[] {
    const checks = leavesOf(item);
    const milliseconds = whole / checks.length;
    return checks.map((check): CheckResult => {
      if (check === item) return { check, state: 'passed', message: '', milliseconds };
      const found = expectations.find(({ source }) => source.start === this.#starts.get(check));
      if (found === undefined)
        return { check, state: 'errored', message: unreadable, milliseconds };
      const state = found.passed ? 'passed' : 'failed';
      const { message, sides } = found;
      return { check, state, message, sides, milliseconds };
    });
  }
}

/** What became of an expectation, or of a run that expects nothing but to run. */
interface CheckResult {
  readonly check: vscode.TestItem;
  readonly state: 'passed' | 'failed' | 'errored' | 'skipped';
  /** What was measured, or why it could not be. */
  readonly message: string;
  /** Of values that failed: what was expected and what was there. */
  readonly sides?: ExpectationResult['sides'] | undefined;
  readonly milliseconds: number;
}

function tell(test: vscode.TestRun, result: CheckResult): void {
  const { check, state, milliseconds } = result;
  switch (state) {
    case 'passed':
      test.passed(check, milliseconds);
      return;
    case 'failed':
      test.failed(check, messageOf(result), milliseconds);
      return;
    case 'errored':
      test.errored(check, messageOf(result));
      return;
    case 'skipped':
      test.skipped(check);
      return;
  }
}

const unreadable = vscode.l10n.t('This expectation has an error of its own: see Problems.');

/** The checks of a run, or the run itself where it expects nothing but to run. */
function leavesOf(item: vscode.TestItem): readonly vscode.TestItem[] {
  return item.children.size === 0 ? [item] : [...item.children].map(([, child]) => child);
}

/** At the check's line; of values that failed, both sides to be seen side by side. */
function messageOf({
  check: { uri, range },
  message: text,
  sides,
}: CheckResult): vscode.TestMessage {
  const message =
    sides === undefined
      ? new vscode.TestMessage(text)
      : vscode.TestMessage.diff(text, sides.expected, sides.measured);
  if (uri !== undefined && range !== undefined) message.location = new vscode.Location(uri, range);
  return message;
}

function rangeOf({ start, end }: RunChecks['range']): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}
