/** Every place of a name: references, highlights in the file, and the search that renaming shares. */
import { DocumentHighlightKind, type Location } from 'vscode-languageserver/node.js';
import { type Feature, locationOf, rangeIn, type Server } from './feature.ts';
import type { Occurrence } from './occurrences.ts';
import type { OpenProgram } from './program-store.ts';
import {
  type FileSymbols,
  fileSymbolsOf,
  type Meaning,
  occurrenceAt,
  symbolsOf,
} from './symbols.ts';

export const references: Feature = {
  name: 'references',
  capabilities: { referencesProvider: true, documentHighlightProvider: true },
  attach: (server) => {
    const { connection, programs, guarded } = server;
    connection.onReferences(
      guarded('references', [], ({ textDocument, position, context }): Location[] => {
        const program = programs.program(textDocument.uri);
        const named = program && nameAt(program, program.lines.offsetAt(position));
        if (named === undefined) return [];
        return placesOf(server, named.meaning.id)
          .filter(({ occurrence }) => context.includeDeclaration || occurrence.access !== 'declare')
          .map(({ file, occurrence }) => locationOf(programs, { uri: file.uri, ...occurrence }));
      }),
    );
    connection.onDocumentHighlight(
      guarded('document highlight', [], ({ textDocument, position }) => {
        const program = programs.program(textDocument.uri);
        const named = program && nameAt(program, program.lines.offsetAt(position));
        if (program === undefined || named === undefined) return [];
        return occurrencesOf(fileSymbolsOf(program.analysis), named.meaning.id).map(
          (occurrence) => ({
            range: rangeIn(program, occurrence),
            kind:
              occurrence.access === 'read'
                ? DocumentHighlightKind.Read
                : DocumentHighlightKind.Write,
          }),
        );
      }),
    );
  },
};

/** The name at an offset and what it stands for. */
export function nameAt(
  { analysis }: OpenProgram,
  offset: number,
): { readonly occurrence: Occurrence; readonly meaning: Meaning } | undefined {
  const file = fileSymbolsOf(analysis);
  const occurrence = occurrenceAt(file, offset);
  const meaning = occurrence && file.meaning(occurrence);
  return occurrence && meaning && { occurrence, meaning };
}

export interface NamePlace {
  readonly file: FileSymbols;
  readonly occurrence: Occurrence;
}

/** Every occurrence in the open programs, what they import, and the files of the editor's folders. */
export function placesOf({ programs }: Server, id: string): readonly NamePlace[] {
  const files = new Map<string, FileSymbols>();
  for (const analysis of programs.everyAnalysis()) {
    for (const [uri, file] of symbolsOf(analysis)) if (!files.has(uri)) files.set(uri, file);
  }
  return [...files.values()].flatMap((file) =>
    occurrencesOf(file, id).map((occurrence) => ({ file, occurrence })),
  );
}

function occurrencesOf(file: FileSymbols, id: string): readonly Occurrence[] {
  return file.occurrences.filter((occurrence) => file.meaning(occurrence)?.id === id);
}
