/** Formatting: the document, a selection, and the line that was just ended. */
import type { Range, TextEdit } from 'vscode-languageserver/node.js';
import { formatChanges } from '../syntax/index.ts';
import { type Feature, rangeIn } from './feature.ts';
import type { OpenProgram } from './program-store.ts';

export const formatting: Feature = {
  name: 'formatting',
  capabilities: {
    documentFormattingProvider: true,
    documentRangeFormattingProvider: true,
    documentOnTypeFormattingProvider: { firstTriggerCharacter: '\n', moreTriggerCharacter: ['}'] },
  },
  attach: ({ connection, programs, guarded }) => {
    connection.onDocumentFormatting(
      guarded('formatting', [], ({ textDocument }): TextEdit[] => {
        const program = programs.program(textDocument.uri);
        return program === undefined ? [] : editsIn(program, () => true);
      }),
    );
    connection.onDocumentRangeFormatting(
      guarded('formatting', [], ({ textDocument, range }): TextEdit[] => {
        const program = programs.program(textDocument.uri);
        const { start, end } = range;
        // A selection that ends where a line begins does not mean that line.
        const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
        return program === undefined
          ? []
          : editsIn(program, (edit) => edit.start.line >= start.line && edit.start.line <= last);
      }),
    );
    connection.onDocumentOnTypeFormatting(
      guarded('formatting', [], ({ textDocument, position, ch }): TextEdit[] => {
        const program = programs.program(textDocument.uri);
        const line = ch === '\n' ? position.line - 1 : position.line;
        // The line that is being written now keeps the indentation that the editor gives it.
        return program === undefined
          ? []
          : editsIn(program, (edit) => edit.start.line === line && edit.end.line === line);
      }),
    );
  },
};

function editsIn(program: OpenProgram, isAsked: (range: Range) => boolean): TextEdit[] {
  return formatChanges(program.analysis.text)
    .map((change) => ({ range: rangeIn(program, change), newText: change.text }))
    .filter(({ range }) => isAsked(range));
}
