/** A program from text to trace: all inputs of a run, each by itself. */
import { t } from '@vscode/l10n';
import { type Analysis, analyze, withheldImports } from '../analysis/index.ts';
import type { Engine, RunControl } from '../engine/index.ts';
import { type Diagnostic, diagnostic } from '../shapes/index.ts';
import type { Trace } from '../trace/index.ts';
import { withCommonExpectations } from './batch-expectations.ts';
import { type ProgramRun, type RunResult, RunSet } from './run-set.ts';

export type ProgramOutcome =
  | {
      readonly kind: 'done';
      /** The first where the inputs are several. */
      readonly trace: Trace;
      /** One per value of a batch of inputs; else the trace alone. */
      readonly traces: readonly Trace[];
      /** For every path of the trace the one that its value is stored under: several may share a value. */
      readonly ownPaths: ReadonlyMap<string, string>;
      /** What is wrong with the program all the same: it ran as far as its first broken value. */
      readonly diagnostics: readonly Diagnostic[];
      readonly analysis: Analysis;
      readonly dispose: () => void;
    }
  | {
      readonly kind: 'rejected';
      readonly diagnostics: readonly Diagnostic[];
      readonly analysis: Analysis;
    };

/** Rejects with RunStopped where the user ended it. */
export async function runProgram(
  engine: Engine,
  request: ProgramRun,
  control: RunControl,
): Promise<ProgramOutcome> {
  const { uri, text, files, target, overrides, before } = request;
  const analysis = analyze(uri, text, files, { wish: overrides && { target, overrides }, before });
  const name = target ?? analysis.targets[0]?.name;
  const rejected = (diagnostics: readonly Diagnostic[]): ProgramOutcome => ({
    kind: 'rejected',
    diagnostics,
    analysis,
  });
  const unread = withheldImports(analysis);
  if (unread.length > 0) return rejected(unread);
  if (name === undefined) return rejected(nothingToRun(request, analysis));
  const sets: RunSet[] = [];
  const dispose = () => {
    for (const set of sets) set.dispose();
  };
  try {
    const traces: Trace[] = [];
    let first: (RunResult & { readonly kind: 'done' }) | undefined;
    for (let item = 0; item < (first?.trace.batch?.count ?? 1); item++) {
      const set = new RunSet(engine, request, analysis, control, item);
      sets.push(set);
      const result = await set.run(name);
      if (result.kind === 'rejected') {
        dispose();
        return rejected(result.diagnostics);
      }
      first ??= result;
      traces.push(result.trace);
    }
    if (first === undefined) throw new Error('A run has at least one trace.');
    const all = withCommonExpectations(traces);
    return { ...first, trace: all[0] ?? first.trace, traces: all, analysis, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

function nothingToRun({ uri, text }: ProgramRun, analysis: Analysis): readonly Diagnostic[] {
  if (analysis.diagnostics.length > 0) return analysis.diagnostics;
  const source = { uri, start: 0, end: Math.min(1, text.length) };
  return [
    diagnostic(
      'unknownModel',
      source,
      t`This file declares no run, model or block, so there is nothing to run.`,
    ),
  ];
}
