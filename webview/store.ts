import { batch, signal } from '@preact/signals';
import type { SourceRange } from '../src/trace/index.ts';
import {
  type AskedView,
  type AskingSide,
  type EditorSide,
  type InspectorState,
  type OfRun,
  Rpc,
  type Selection,
  type TraceSummary,
  type Transport,
  type ViewName,
  type ViewRequests,
} from '../src/views/index.ts';
import { completeSelection, keepSelection, type Tab, tabFor, tabOfRun, tabs } from './selection.ts';
import { strings } from './strings.ts';

/** What survives closing and reopening the inspector. */
export interface Memory {
  readonly tab: Tab;
  readonly selection: Selection;
}

/** What the inspector stands on: a line to the editor, and a place to remember. */
export interface Host {
  readonly transport: Transport;
  /** What was remembered; anything, since an older version may have written it. */
  readonly recall: () => unknown;
  readonly remember: (memory: Memory) => void;
}

const starting: InspectorState = {
  kind: 'running',
  done: 0,
  total: 0,
  label: strings.states.loading,
};

/** The inspector's state: what the editor told, and what is looked at. */
export class Store {
  readonly state = signal<InspectorState>(starting);
  /** Of the last run that succeeded; it stays while the next one runs. */
  readonly summary = signal<TraceSummary | undefined>(undefined);
  /** Grows with every run: views of an earlier one are read again. */
  readonly revision = signal(0);
  readonly tab = signal<Tab>('stream');
  readonly selection = signal<Selection>({});
  readonly #host: Host;
  readonly #editor: Rpc<AskingSide, EditorSide>;

  constructor(host: Host) {
    this.#host = host;
    const memory = readMemory(host.recall());
    this.tab.value = memory.tab;
    this.selection.value = memory.selection;
    this.#editor = new Rpc(host.transport, {
      requests: {},
      events: {
        state: (state) => this.#take(state),
        select: (selection) => this.#follow(selection),
      },
    });
    this.ask('state', {}).then(
      (state) => this.#take(state),
      (error: unknown) => this.#take({ kind: 'failed', message: String(error) }),
    );
  }

  /** Asks the editor; see `InspectorRequests`. */
  readonly ask: Rpc<AskingSide, EditorSide>['ask'] = (name, params) =>
    this.#editor.ask(name, params);

  /** Asks for a view of the last run, or of another one, or of what differs between the two. */
  async view<Name extends ViewName>(
    view: Name,
    params: ViewRequests[Name]['params'],
    of?: OfRun,
  ): Promise<ViewRequests[Name]['result']> {
    // The editor answers with the view that was asked for; the map of views is the same on both sides.
    const asked = { view, params } as AskedView;
    const which = of === undefined ? {} : { of };
    return (await this.ask('view', { ...asked, ...which })) as ViewRequests[Name]['result'];
  }

  /** The same inspector, whose views are of another run or of a difference; one selection for all. */
  lookingAt(run: OfRun): Store {
    const own: Pick<Store, 'view' | 'select' | 'show' | 'reveal' | 'run' | 'chooseItem'> = {
      view: (view, params, of = run) => this.view(view, params, of),
      select: (selection) => this.select(selection),
      show: (tab) => this.show(tab),
      reveal: (source) => this.reveal(source),
      run: () => this.run(),
      chooseItem: (item) => this.chooseItem(item),
    };
    return Object.assign(Object.create(this) as Store, own);
  }

  /** Chooses something in the inspector itself; fields that are not named stay. */
  select(selection: Selection): void {
    this.selection.value = { ...this.selection.value, ...selection };
    this.#remember();
  }

  show(tab: Tab): void {
    this.tab.value = tab;
    this.#remember();
  }

  /** Moves the editor's cursor. A file that is gone leaves everything as it is. */
  reveal(source: SourceRange): void {
    this.ask('reveal', source).catch(ignore);
  }

  /** Runs again; what becomes of it arrives as a state. */
  run(): void {
    this.ask('run', {}).catch(ignore);
  }

  /** Of a batch of inputs, the one to look at; it arrives as a state. */
  chooseItem(item: number): void {
    this.ask('chooseItem', { item }).catch(ignore);
  }

  #take(state: InspectorState): void {
    batch(() => {
      if (state.kind === 'ready' && !sayAgain(this.state.value, state)) {
        // A page that begins anew over an old run keeps the tab that it remembers.
        if (this.state.value !== starting) {
          this.tab.value = tabOfRun(this.summary.value, state.summary, this.tab.value);
        }
        this.summary.value = state.summary;
        this.selection.value = keepSelection(state.summary, this.selection.value);
        this.revision.value++;
      }
      if (state.kind === 'empty' || state.kind === 'failed') this.summary.value = undefined;
      this.state.value = state;
    });
  }

  #follow(selection: Selection): void {
    const summary = this.summary.value;
    if (summary === undefined) return;
    batch(() => {
      this.tab.value = tabFor(summary, selection, this.tab.value);
      this.select(completeSelection(summary, selection));
    });
  }

  #remember(): void {
    this.#host.remember({ tab: this.tab.value, selection: this.selection.value });
  }
}

/** True where a state says again what is shown: it became stale, or fresh again, without a run in between. */
function sayAgain(
  last: InspectorState,
  next: InspectorState & { readonly kind: 'ready' },
): boolean {
  return last.kind === 'ready' && JSON.stringify(last.summary) === JSON.stringify(next.summary);
}

function readMemory(memory: unknown): Memory {
  const found = typeof memory === 'object' && memory !== null ? memory : {};
  const tab = tabs.find((each) => 'tab' in found && each === found.tab) ?? 'stream';
  const selection = 'selection' in found ? readSelection(found.selection) : {};
  return { tab, selection };
}

function readSelection(remembered: unknown): Selection {
  if (typeof remembered !== 'object' || remembered === null) return {};
  const fields = Object.entries(remembered).filter(([name, value]) =>
    name === 'path'
      ? typeof value === 'string'
      : ['pattern', 'head', 'token', 'key', 'id', 'dimension', 'layer', 'step', 'stream'].includes(
          name,
        ) && Number.isInteger(value),
  );
  return Object.fromEntries(fields);
}

/** The editor has told the person already, or the panel is closing. */
function ignore(): void {}
