/** Diagnostics as the user types: shortly after the last change, for the program and for those that import it. */
import {
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  DiagnosticTag,
  type Diagnostic as LspDiagnostic,
} from 'vscode-languageserver/node.js';
import { findingsOf, preludeUri } from '../analysis/index.ts';
import { catalog, type Diagnostic } from '../shapes/index.ts';
import { type Feature, locationOf, rangeIn, type Server } from './feature.ts';
import type { OpenProgram, ProgramStore } from './program-store.ts';

/** Long enough to join the keys of a fast typist, short enough not to be noticed. */
const pause = 50;

export const diagnostics: Feature = {
  name: 'diagnostics',
  capabilities: {},
  attach: (server) => {
    const { connection, programs } = server;
    const check = scheduleChecks(server);
    connection.onDidOpenTextDocument(({ textDocument: { uri, version, text } }) =>
      check(programs.set(uri, version, text)),
    );
    connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
      // The whole text is sent with every change, and the last one counts.
      const change = contentChanges.at(-1);
      if (change !== undefined) check(programs.set(uri, version, change.text));
    });
    connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
      check(programs.close(uri));
      connection.sendDiagnostics({ uri, diagnostics: [] }).catch(() => {});
    });
    connection.onDidChangeWatchedFiles(({ changes }) =>
      check(changes.flatMap(({ uri }) => programs.changed(uri))),
    );
  },
};

/** The diagnostics of one program as LSP has them. */
export function diagnosticsOf(
  program: OpenProgram,
  programs: ProgramStore,
  diagnosticsPage: string,
): readonly LspDiagnostic[] {
  return findingsOf(program.analysis)
    .filter(({ source }) => source.uri === program.analysis.uri)
    .map((found) => asLsp(found, program, programs, diagnosticsPage));
}

/** Checks programs once the typing pauses. */
function scheduleChecks(server: Server): (uris: readonly string[]) => void {
  const waiting = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const publish = server.guarded('diagnostics', undefined, (uri: string) => {
    const { connection, programs } = server;
    const program = programs.program(uri);
    if (program === undefined || uri === preludeUri) return;
    const { diagnosticsPage } = server.options();
    const found = [...diagnosticsOf(program, programs, diagnosticsPage)];
    const { version } = program;
    connection.sendDiagnostics({ uri, version, diagnostics: found }).catch(() => {});
  });
  return (uris) => {
    for (const uri of uris) waiting.add(uri);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const due = [...waiting];
      waiting.clear();
      for (const uri of due) publish(uri);
    }, pause);
  };
}

function asLsp(
  found: Diagnostic,
  program: OpenProgram,
  programs: ProgramStore,
  diagnosticsPage: string,
): LspDiagnostic {
  const related: DiagnosticRelatedInformation[] = found.related.map(({ source, message }) => ({
    location: locationOf(programs, source),
    message,
  }));
  return {
    range: rangeIn(program, found.source),
    severity: severities[found.severity],
    code: found.code,
    codeDescription: { href: `${diagnosticsPage}#${found.code.toLowerCase()}` },
    source: 'tblock',
    message: found.message,
    ...(related.length > 0 && { relatedInformation: related }),
    ...(unnecessary.has(found.code) && { tags: [DiagnosticTag.Unnecessary] }),
  };
}

/** What is shown faded: nothing would change without it. */
const unnecessary: ReadonlySet<string> = new Set(
  [catalog.unusedDim, catalog.unusedParameter, catalog.unusedValue, catalog.unusedIgnore].map(
    ({ code }) => code,
  ),
);

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  hint: DiagnosticSeverity.Hint,
} as const;
