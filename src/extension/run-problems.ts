/** Failed expectations and the problems that kept a program from running, on their lines until the next run or edit. */
import * as vscode from 'vscode';
import type { Problem } from '../views/index.ts';
import { addressOf, openAddress, rangeIn } from './documents.ts';
import type { Feature } from './feature.ts';
import type { RunState } from './runs.ts';

/** The catalogue's code of an expectation that failed; see docs/diagnostics.md. */
const failedExpectation = 'TB209';

export const runProblems: Feature = ({ runs, output }) => {
  const collection = vscode.languages.createDiagnosticCollection('tblock-run');
  const listener = runs.onDidChange((state) => {
    if (state.kind === 'running') collection.clear();
    if (state.kind === 'idle' || state.kind === 'running') return;
    // The text may have changed while it ran, or with this very event.
    if (state.kind === 'done' && state.stale) return;
    show(problemsOf(state), collection).catch((error: unknown) =>
      output.error(`The problems of a run could not be shown: ${String(error)}`),
    );
  });
  const edits = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    if (contentChanges.length > 0) collection.delete(document.uri);
  });
  return [collection, listener, edits];
};

/** What a run left to mend. */
function problemsOf(state: RunState): readonly Problem[] {
  if (state.kind === 'rejected') return state.problems;
  if (state.kind !== 'done') return [];
  const failed = state.summary.expectations
    .filter(({ passed }) => !passed)
    .map(
      ({ source, message }): Problem => ({
        code: failedExpectation,
        severity: 'error',
        message,
        source,
        related: [],
      }),
    );
  return [...state.problems, ...failed];
}

async function show(
  problems: readonly Problem[],
  collection: vscode.DiagnosticCollection,
): Promise<void> {
  for (const address of new Set(problems.map(({ source }) => source.uri))) {
    const found = problems.filter(({ source }) => source.uri === address);
    const document = await openAddress(address);
    const known = vscode.languages.getDiagnostics(document.uri);
    const diagnostics = await Promise.all(found.map((problem) => asDiagnostic(problem, document)));
    // What the language server shows already is not shown twice.
    const fresh = diagnostics.filter((one) => !known.some((other) => isSame(one, other)));
    collection.set(document.uri, fresh);
  }
}

async function asDiagnostic(
  { code, severity, message, source, related }: Problem,
  document: vscode.TextDocument,
): Promise<vscode.Diagnostic> {
  const { Error: error, Warning: warning } = vscode.DiagnosticSeverity;
  const level = severity === 'error' ? error : warning;
  const diagnostic = new vscode.Diagnostic(rangeIn(document, source), message, level);
  diagnostic.source = 'tblock run';
  diagnostic.code = code;
  diagnostic.relatedInformation = await Promise.all(
    related.map(async (place) => {
      const isHere = place.source.uri === addressOf(document.uri);
      const other = isHere ? document : await openAddress(place.source.uri);
      const location = new vscode.Location(other.uri, rangeIn(other, place.source));
      return new vscode.DiagnosticRelatedInformation(location, place.message);
    }),
  );
  return diagnostic;
}

function isSame(a: vscode.Diagnostic, b: vscode.Diagnostic): boolean {
  const code = typeof b.code === 'object' ? b.code.value : b.code;
  return a.code === code && a.range.isEqual(b.range);
}
