/** Code actions: the ways out that a diagnostic offers, and refactorings. */
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic as LspDiagnostic,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node.js';
import { ignoreFix } from '../analysis/index.ts';
import type { Diagnostic, Fix } from '../shapes/index.ts';
import { type Feature, locationOf, rangeIn } from './feature.ts';
import type { OpenProgram, ProgramStore } from './program-store.ts';
import { refactoringsIn } from './refactorings.ts';

export const quickFixes: Feature = {
  name: 'quick fixes',
  capabilities: {
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.Refactor] },
  },
  attach: ({ connection, programs, guarded }) =>
    connection.onCodeAction(
      guarded('quick fixes', [], (params) => {
        const program = programs.program(params.textDocument.uri);
        if (program === undefined) return [];
        const { only } = params.context;
        const isAsked = ({ kind = '' }: CodeAction) =>
          only === undefined || only.some((each) => kind === each || kind.startsWith(`${each}.`));
        return [
          ...fixesIn(program, programs, params),
          ...refactoringsIn(program, params.range),
        ].filter(isAsked);
      }),
    ),
};

/** The fixes of the diagnostics that a selection touches. */
export function fixesIn(
  program: OpenProgram,
  programs: ProgramStore,
  { range, context }: Pick<CodeActionParams, 'range' | 'context'>,
): CodeAction[] {
  const start = program.lines.offsetAt(range.start);
  const end = program.lines.offsetAt(range.end);
  return program.findings
    .filter(({ source }) => source.start <= end && source.end >= start)
    .flatMap((found) => {
      const shown = context.diagnostics.filter((other) => isShownAs(found, other, program));
      const { uri, text } = program.analysis;
      const silence = ignoreFix(uri, text, found);
      return [...found.fixes, ...(silence === undefined ? [] : [silence])].map((fix) => ({
        title: fix.title,
        kind: CodeActionKind.QuickFix,
        diagnostics: shown,
        isPreferred: found.fixes.length === 1 && fix !== silence,
        edit: editOf(fix, programs),
      }));
    });
}

function isShownAs(found: Diagnostic, shown: LspDiagnostic, program: OpenProgram): boolean {
  const { start } = rangeIn(program, found.source);
  return (
    shown.code === found.code &&
    shown.range.start.line === start.line &&
    shown.range.start.character === start.character
  );
}

function editOf(fix: Fix, programs: ProgramStore): WorkspaceEdit {
  const changes: Record<string, TextEdit[]> = {};
  for (const { source, text } of fix.edits) {
    const { uri, range } = locationOf(programs, source);
    changes[uri] ??= [];
    changes[uri].push({ range, newText: text });
  }
  return { changes };
}
