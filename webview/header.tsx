import type { ExpectationResult } from '../src/trace/index.ts';
import { durationText, type TraceSummary } from '../src/views/index.ts';
import { Badge, Button, Dropdown } from './controls.tsx';
import { Icon } from './icons.tsx';
import type { Store } from './store.ts';
import { strings } from './strings.ts';

interface HeaderProps {
  readonly store: Store;
  readonly summary: TraceSummary;
}

/** Which run this is, what ran it and why, how long it took, and whether it did what was expected. */
export function Header({ store, summary }: HeaderProps) {
  const { backend, expectations } = summary;
  return (
    <header class="header">
      <div class="header-line">
        <h1>{summary.run || summary.model}</h1>
        {summary.run !== '' && <span class="muted">{summary.model}</span>}
        <Badge title={`${backend.description}. ${backend.reason}`}>
          {strings.header.backend[backend.name]}
        </Badge>
        <span class="muted number">{durationText(summary.milliseconds)}</span>
        <span class="muted number">{strings.header.seed(summary.seed)}</span>
        <MemberOfFamily axes={summary.sweep?.axes ?? []} />
        {summary.batch !== undefined && (
          <Dropdown
            label={strings.header.input}
            options={Array.from({ length: summary.batch.count }, (_, item) =>
              strings.header.inputOf(item, summary.batch?.count ?? 0),
            )}
            chosen={summary.batch.item}
            onChoose={(item) => store.chooseItem(item)}
          />
        )}
        <Button look="icon" label={strings.header.runAgain} onClick={() => store.run()}>
          <Icon name="run" />
        </Button>
      </div>
      {expectations.length > 0 && <Expectations store={store} expectations={expectations} />}
    </header>
  );
}

/** Of a family of runs, the one whose values are shown. */
function MemberOfFamily({ axes }: Pick<NonNullable<TraceSummary['sweep']>, 'axes'>) {
  const values = axes.flatMap(({ name, kept }) =>
    kept === undefined ? [] : [strings.header.withValue(name, kept)],
  );
  const patching = axes.filter(({ kept }) => kept === undefined).map(({ name }) => name);
  if (patching.length > 0) values.push(strings.header.withoutPatches(patching.join(', ')));
  return values.length === 0 ? null : <span class="muted">{values.join(' · ')}</span>;
}

interface ExpectationsProps {
  readonly store: Store;
  readonly expectations: readonly ExpectationResult[];
}

/** Open where one failed: that is what the reader came for. */
function Expectations({ store, expectations }: ExpectationsProps) {
  const failed = expectations.filter((each) => !each.passed).length;
  const passed = expectations.length - failed;
  return (
    <details class="expectations" open={failed > 0}>
      <summary>
        <span>{strings.header.expectations}</span>
        {passed > 0 && (
          <span class="verdict passed">
            <Icon name="pass" />
            {strings.header.passed(passed)}
          </span>
        )}
        {failed > 0 && (
          <span class="verdict error">
            <Icon name="cross" />
            {strings.header.failed(failed)}
          </span>
        )}
      </summary>
      <ul class="rows">
        {expectations.map((each) => (
          <li key={`${each.source.uri}:${each.source.start}`}>
            <button type="button" class="expectation" onClick={() => store.reveal(each.source)}>
              <span class={each.passed ? 'verdict passed' : 'verdict error'}>
                <Icon name={each.passed ? 'pass' : 'cross'} />
                <span class="visually-hidden">
                  {each.passed ? strings.header.passedMark : strings.header.failedMark}
                </span>
              </span>
              <code>{each.text}</code>
              <span class="muted">{each.message}</span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
