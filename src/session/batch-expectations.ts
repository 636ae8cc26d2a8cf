/** What a run of several inputs expects of all of them. */
import { t } from '@vscode/l10n';
import type { Trace } from '../trace/index.ts';

/** An expectation holds where it holds for every value of the batch. */
export function withCommonExpectations(traces: readonly Trace[]): readonly Trace[] {
  if (traces.length === 1) return traces;
  const expectations = traces[0]?.expectations.map((expectation, at) => {
    const failed = traces.findIndex(({ expectations: own }) => own[at]?.passed === false);
    const found = traces[failed]?.expectations[at];
    if (found === undefined) return expectation;
    return { ...found, message: t`Of input ${failed + 1} of ${traces.length}: ${found.message}` };
  });
  return traces.map((trace) => ({ ...trace, expectations: expectations ?? [] }));
}
