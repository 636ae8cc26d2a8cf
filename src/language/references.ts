/** Every place of a name: references, highlights in the file, and the search that renaming shares. */
import { DocumentHighlightKind, type Location } from 'vscode-languageserver/node.js';
import { type Feature, locationOf, rangeIn, type Server } from './feature.ts';
import { canonicalUri } from './file-addresses.ts';
import type { Occurrence } from './occurrences.ts';
import type { OpenProgram } from './program-store.ts';
import {
  type FileSymbols,
  fileSymbolsOf,
  isDim,
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
        return placesOf(server, textDocument.uri, named.meaning.id)
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
export function placesOf({ programs }: Server, uri: string, id: string): readonly NamePlace[] {
  const programFiles = programs.everyAnalysis().map((analysis) => [...symbolsOf(analysis)]);
  const places = new Map<string, readonly NamePlace[]>();
  for (const [of, file] of programFiles.flat()) {
    if (places.has(of)) continue;
    places.set(
      of,
      occurrencesOf(file, id).map((occurrence) => ({ file, occurrence })),
    );
  }
  if (!isDim(id)) return [...places.values()].flat();
  const groups = programFiles.map((files) =>
    files.map(([of]) => of).filter((of) => (places.get(of)?.length ?? 0) > 0),
  );
  const own = connected(groups, canonicalUri(uri));
  return [...places].flatMap(([of, found]) => (own.has(of) ? found : []));
}

/** A file and what it imports have one dim of a name (LANGUAGE §4); files that nothing joins have each their own. */
function connected(groups: readonly (readonly string[])[], start: string): ReadonlySet<string> {
  const reached = new Set([start]);
  for (const file of reached) {
    for (const group of groups.filter((each) => each.includes(file))) {
      for (const other of group) reached.add(other);
    }
  }
  return reached;
}

function occurrencesOf(file: FileSymbols, id: string): readonly Occurrence[] {
  return file.occurrences.filter((occurrence) => file.meaning(occurrence)?.id === id);
}
