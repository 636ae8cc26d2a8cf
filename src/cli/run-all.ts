/** `tblock run --all`: every run of a file, with what each expects. */
import { type CommandIo, exitClean, exitErrors } from './command-io.ts';
import { type Finding, findingData, findingText } from './findings.ts';
import { printText, type RunReport, reportData } from './run-report.ts';
import { paintFor } from './style.ts';

export type RunEnd =
  | { readonly kind: 'done'; readonly report: RunReport }
  /** It could not run. */
  | { readonly kind: 'rejected'; readonly name: string; readonly findings: readonly Finding[] };

/** One after another, so that at most one run's values are held. Resolves to the exit code. */
export async function runEvery(
  names: readonly string[],
  start: (name: string) => Promise<RunEnd>,
  format: 'text' | 'json',
  io: CommandIo,
): Promise<number> {
  const paint = paintFor(io);
  const count = { runs: 0, passed: 0, failed: 0, rejected: 0 };
  const data: object[] = [];
  const seen = new Set<string>();
  for (const name of names) {
    const end = await start(name);
    count.runs += 1;
    if (end.kind === 'rejected') {
      count.rejected += 1;
      if (format === 'json') data.push({ run: name, diagnostics: end.findings.map(findingData) });
      else printRejected(end);
    } else {
      const { expectations } = end.report.trace;
      count.passed += expectations.filter(({ passed }) => passed).length;
      count.failed += expectations.filter(({ passed }) => !passed).length;
      if (format === 'json') data.push(reportData(end.report));
      else printText({ ...end.report, findings: unseen(end.report.findings) }, io);
    }
    if (format === 'text') io.out('\n');
  }
  if (format === 'json') io.out(`${JSON.stringify({ runs: data })}\n`);
  else io.out(`${summaryOf(count)}\n`);
  return count.failed + count.rejected > 0 ? exitErrors : exitClean;

  /** What is wrong with the file is said with its first run. */
  function unseen(findings: readonly Finding[]): readonly Finding[] {
    const fresh = findings.filter((finding) => !seen.has(findingText(finding, paint)));
    for (const finding of fresh) seen.add(findingText(finding, paint));
    return fresh;
  }

  function printRejected({ name, findings }: RunEnd & { kind: 'rejected' }): void {
    io.out(`${paint('bold', name)}\n`);
    for (const finding of findings) io.out(findingText(finding, paint));
    io.out(`${paint('red', 'Nothing ran.')}\n`);
  }
}

/** `3 runs: 12 expectations hold, 1 fails; 1 run could not start.` */
function summaryOf(count: Readonly<Record<'runs' | 'passed' | 'failed' | 'rejected', number>>) {
  const { runs, passed, failed, rejected } = count;
  const expectations = passed === 1 ? '1 expectation holds' : `${passed} expectations hold`;
  const others = `${failed} ${failed === 1 ? 'fails' : 'fail'}`;
  const unable =
    rejected === 0 ? '' : `; ${rejected} ${rejected === 1 ? 'run' : 'runs'} could not start`;
  return `${runs} ${runs === 1 ? 'run' : 'runs'}: ${expectations}, ${others}${unable}.`;
}
