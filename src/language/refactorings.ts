/** All refactorings that a selection allows, as code actions. */
import { type CodeAction, type Range, TextEdit } from 'vscode-languageserver/node.js';
import { preludeUri } from '../analysis/index.ts';
import { rangeIn } from './feature.ts';
import type { OpenProgram } from './program-store.ts';
import { extraction } from './refactor-extract.ts';
import { inlinings } from './refactor-inline.ts';
import { streamForms } from './refactor-streams.ts';
import { selectedIn } from './refactoring.ts';

export function refactoringsIn(program: OpenProgram, range: Range): readonly CodeAction[] {
  const start = program.lines.offsetAt(range.start);
  const selected = selectedIn(program, { start, end: program.lines.offsetAt(range.end) });
  if (selected === undefined || program.analysis.uri === preludeUri) return [];
  return [...streamForms(selected), ...inlinings(selected), ...extraction(selected)].map(
    ({ title, kind, edits }) => ({
      title,
      kind,
      edit: {
        changes: {
          [program.uri]: edits.map((edit) => TextEdit.replace(rangeIn(program, edit), edit.text)),
        },
      },
    }),
  );
}
