import type { ComponentChildren } from 'preact';
import { render } from 'preact';
import type { InspectorState, TraceSummary } from '../src/views/index.ts';
import { ComparePage } from './compare.tsx';
import { Button, ProgressRing, registerControls, Tabs } from './controls.tsx';
import { GenerationPage } from './generation.tsx';
import { Header } from './header.tsx';
import { Icon, type IconName } from './icons.tsx';
import { RunPage } from './run-page.tsx';
import { type Tab, tabs } from './selection.ts';
import { ShapesPage } from './shapes.tsx';
import { type Host, Store } from './store.ts';
import { strings } from './strings.ts';
import { SweepPage } from './sweep.tsx';
import { TensorPage } from './tensor.tsx';
import { ThemeProvider } from './theme.tsx';

/** Starts the inspector inside `root`. */
export function startInspector(root: HTMLElement, host: Host): void {
  registerControls();
  const store = new Store(host);
  render(
    <ThemeProvider>
      <Inspector store={store} />
    </ThemeProvider>,
    root,
  );
}

function Inspector({ store }: { readonly store: Store }) {
  const state = store.state.value;
  const summary = store.summary.value;
  if (summary === undefined) return <Alone store={store} state={state} />;
  return (
    <main class="inspector">
      <Header store={store} summary={summary} />
      <Banner store={store} state={state} />
      <Tabs
        label={summary.run}
        tabs={tabsOf(summary).map((id) => ({ id, title: strings.tabs[id] }))}
        active={tabsOf(summary).includes(store.tab.value) ? store.tab.value : 'stream'}
        onActivate={(tab) => store.show(tab)}
        page={(tab) => <Page tab={tab} store={store} summary={summary} />}
      />
    </main>
  );
}

/** What has nothing to show has no tab. */
function tabsOf({ sweep, generated }: TraceSummary): readonly Tab[] {
  return tabs.filter(
    (tab) =>
      !(tab === 'sweep' && sweep === undefined) &&
      !(tab === 'generation' && generated === undefined),
  );
}

interface PageProps {
  readonly tab: Tab;
  readonly store: Store;
  readonly summary: TraceSummary;
}

function Page({ tab, store, summary }: PageProps) {
  switch (tab) {
    case 'flow':
    case 'stream':
    case 'attention':
    case 'logits':
      return <RunPage store={store} summary={summary} page={tab} />;
    case 'shapes':
      return <ShapesPage store={store} />;
    case 'tensor':
      return <TensorPage store={store} summary={summary} />;
    case 'compare':
      return <ComparePage store={store} summary={summary} />;
    case 'generation':
      return <GenerationPage store={store} />;
    case 'sweep':
      return summary.sweep && <SweepPage store={store} sweep={summary.sweep} />;
  }
}

interface StateProps {
  readonly store: Store;
  readonly state: InspectorState;
}

/** Above a view that is not of the newest run: why, and what to do. */
function Banner({ store, state }: StateProps) {
  if (state.kind === 'running') {
    return (
      <div class="banner" role="status">
        <ProgressRing label={strings.states.running} />
        <Progress state={state} />
      </div>
    );
  }
  if (state.kind !== 'ready' || !state.stale) return null;
  return (
    <div class="banner stale" role="status">
      <Icon name="warning" />
      <span>{strings.states.stale}</span>
      <Button look="secondary" onClick={() => store.run()}>
        {strings.header.runAgain}
      </Button>
    </div>
  );
}

/** Where there is no run to look at. */
function Alone({ store, state }: StateProps) {
  switch (state.kind) {
    case 'empty':
      return (
        <Notice title={strings.states.emptyTitle} icon="source">
          <p>{state.hint}</p>
          <Button look="primary" onClick={() => store.run()}>
            {strings.header.run}
          </Button>
        </Notice>
      );
    case 'failed':
      return (
        <Notice title={strings.states.failedTitle} icon="error">
          <p role="alert">{state.message}</p>
          <Button look="primary" onClick={() => store.run()}>
            {strings.header.runAgain}
          </Button>
        </Notice>
      );
    case 'running':
    case 'ready':
      return (
        <main class="notice">
          <ProgressRing label={strings.states.running} />
          {state.kind === 'running' && <Progress state={state} />}
        </main>
      );
  }
}

interface NoticeProps {
  readonly title: string;
  readonly icon: IconName;
  readonly children: ComponentChildren;
}

function Notice({ title, icon, children }: NoticeProps) {
  return (
    <main class={`notice notice-${icon}`}>
      <Icon name={icon} />
      <h1>{title}</h1>
      {children}
    </main>
  );
}

function Progress({ state }: { readonly state: InspectorState & { readonly kind: 'running' } }) {
  return (
    <>
      <span class="progress-label">{state.label || strings.states.running}</span>
      {state.total > 0 && (
        <>
          <progress value={state.done} max={state.total} aria-label={strings.states.running} />
          <span class="muted number">{strings.states.progress(state.done, state.total)}</span>
        </>
      )}
    </>
  );
}
