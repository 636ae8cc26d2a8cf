/**
 * Diagnostics as the user types, for the program and for those that import it: what checking finds at once, what laying
 * out the runs finds when the typing pauses.
 */
import {
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  DiagnosticTag,
  type Diagnostic as LspDiagnostic,
} from 'vscode-languageserver/node.js';
import { costOf, preludeUri } from '../analysis/index.ts';
import { catalog, type Diagnostic } from '../shapes/index.ts';
import { type Feature, locationOf, rangeIn, type Server } from './feature.ts';
import type { OpenProgram, ProgramStore } from './program-store.ts';
import type { EditorCalls, LanguageEvents } from './protocol.ts';
import { changedText } from './text-edits.ts';

/** Longer than between the keys of a typist, short enough not to be waited for. */
const pause = 300;

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
      const text = changedText(programs.openText(uri) ?? '', contentChanges);
      check(programs.set(uri, version, text));
    });
    connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
      check(programs.close(uri));
      connection.sendDiagnostics({ uri, diagnostics: [] }).catch(() => {});
    });
    const reported = (devices: LanguageEvents['tblock/devices']) =>
      check(programs.setDevices(devices));
    connection.onNotification('tblock/devices', reported);
    connection.onDidChangeWatchedFiles(({ changes }) =>
      check(changes.flatMap(({ uri }) => programs.changed(uri))),
    );
    const scoped = (scope: LanguageEvents['tblock/scope']) => check(programs.setScope(scope));
    connection.onNotification('tblock/scope', scoped);
    programs.onWanted = (uri) => {
      connection
        .sendRequest<string | null>('tblock/readText', { uri })
        .then((text) => check(programs.setVirtual(uri, text ?? undefined)))
        // An editor that answers nothing has nothing: the import says so on its line.
        .catch((error: unknown) => connection.console.warn(`${uri}: ${String(error)}`));
    };
  },
};

/** The diagnostics of one program as LSP has them. */
export function diagnosticsOf(
  program: OpenProgram,
  programs: ProgramStore,
  diagnosticsPage: string,
): readonly LspDiagnostic[] {
  return program.findings
    .filter(({ source }) => source.uri === program.analysis.uri)
    .map((found) => asLsp(found, program, programs, diagnosticsPage));
}

/** Checks programs as soon as no message is waiting, and lays out their runs once the typing pauses. */
function scheduleChecks(server: Server): (uris: readonly string[]) => void {
  const { programs } = server;
  const publish = (program: OpenProgram | undefined): void => {
    if (program === undefined || program.uri === preludeUri) return;
    const { uri, version } = program;
    const found = [...diagnosticsOf(program, programs, server.options().diagnosticsPage)];
    server.connection.sendDiagnostics({ uri, version, diagnostics: found }).catch(() => {});
    tellOutside(server, program);
  };
  const guarded = (handle: (uri: string) => void) =>
    server.guarded('diagnostics', undefined, handle);
  const soon = collect(
    0,
    guarded((uri) => publish(programs.program(uri))),
  );
  const settle = (uri: string, [step, ...more]: readonly (() => unknown)[], text: string): void => {
    // A key that came meanwhile goes first, and what is left is of a text that is no more.
    if (programs.openText(uri) !== text) return;
    step?.();
    if (step === undefined) publish(programs.settled(uri));
    else setImmediate(() => guarded(() => settle(uri, more, text))(uri));
  };
  const later = collect(
    pause,
    guarded((uri) => {
      const program = programs.program(uri);
      if (program !== undefined) settle(uri, settlingSteps(program), program.analysis.text);
    }),
  );
  return (uris) => {
    soon(uris);
    later(uris);
  };
}

/** The editor asks for what lies outside once, however often it is told. */
function tellOutside({ connection }: Server, { uri, outside }: OpenProgram): void {
  if (outside.size === 0) return;
  const told: EditorCalls['tblock/outside'] = { program: uri, files: [...outside] };
  connection.sendNotification('tblock/outside', told).catch(() => {});
}

/** What the findings of a program are made of, in parts that are each short. */
function settlingSteps({ analysis }: OpenProgram): readonly (() => unknown)[] {
  const { runs, blocks, models } = analysis.program;
  const own = [...blocks.values(), ...models.values()].filter(({ uri }) => uri === analysis.uri);
  return [
    ...runs.map(
      ({ name }) =>
        () =>
          analysis.graphOf(name),
    ),
    ...own.map((block) => () => costOf(analysis, block)),
  ];
}

/** Handles what came in once nothing more has come for a while, each once. */
function collect(
  milliseconds: number,
  handle: (uri: string) => void,
): (uris: readonly string[]) => void {
  const waiting = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  return (uris) => {
    for (const uri of uris) waiting.add(uri);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const due = [...waiting];
      waiting.clear();
      for (const uri of due) handle(uri);
    }, milliseconds);
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
    severity: severityOf(found),
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

/** What was not looked at stands among the problems, where a hint would not. */
function severityOf({ code, severity }: Diagnostic): DiagnosticSeverity {
  const isUnread = code === catalog.fileRestricted.code;
  return isUnread ? DiagnosticSeverity.Information : severities[severity];
}

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  hint: DiagnosticSeverity.Hint,
} as const;
