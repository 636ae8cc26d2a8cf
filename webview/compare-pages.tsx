import type { OfRun, TraceSummary } from '../src/views/index.ts';
import { RunPage, type RunPageName } from './run-page.tsx';
import type { Store } from './store.ts';
import { strings } from './strings.ts';
import { useView } from './use-view.ts';
import { ViewFrame } from './view-frame.tsx';

interface PairProps {
  readonly store: Store;
  readonly summary: TraceSummary;
  readonly page: RunPageName;
  readonly run: number;
  /** What this run and the other one are called. */
  readonly names: readonly [here: string, there: string];
}

/** One page of both runs side by side and of what differs between them; one selection for all. */
export function PagePair({ store, summary, page, run, names }: PairProps) {
  const [here, there] = names;
  return (
    <div class="page-pair">
      <section aria-label={here}>
        <h2>{here}</h2>
        <RunPage store={store} summary={summary} page={page} />
      </section>
      <OtherPage {...{ store, page, name: there }} of={{ run, as: 'itself' }} />
      <OtherPage
        {...{ store, page, name: strings.compare.difference }}
        of={{ run, as: 'difference' }}
      />
    </div>
  );
}

interface OtherProps {
  readonly store: Store;
  readonly page: RunPageName;
  readonly name: string;
  readonly of: OfRun;
}

function OtherPage({ store, page, name, of }: OtherProps) {
  const other = store.lookingAt(of);
  const shown = useView(store, `summary ${of.run} ${of.as}`, () => store.view('summary', {}, of));
  return (
    <section aria-label={name}>
      <h2>{name}</h2>
      <ViewFrame shown={shown}>
        {(summary) => <RunPage key={`${of.run}`} store={other} summary={summary} page={page} />}
      </ViewFrame>
    </section>
  );
}
