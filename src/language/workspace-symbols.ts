/** Symbols of all programs: blocks, models, runs, dims and mappings by a part of their name. */
import { type SymbolInformation, SymbolKind } from 'vscode-languageserver/node.js';
import { type Declaration, rangeOf, type TextRange } from '../syntax/index.ts';
import { type Feature, locationOf } from './feature.ts';

export const workspaceSymbols: Feature = {
  name: 'workspace symbols',
  capabilities: { workspaceSymbolProvider: true },
  attach: ({ connection, programs, guarded }) =>
    connection.onWorkspaceSymbol(
      guarded('workspace symbols', [], ({ query }): SymbolInformation[] =>
        programs.everyAnalysis().flatMap(({ uri, syntax }) =>
          syntax.program.declarations.flatMap(namedBy).flatMap(({ name, kind, place }) => {
            const isAsked = name !== '' && holdsInOrder(name.toLowerCase(), query.toLowerCase());
            return isAsked
              ? [{ name, kind, location: locationOf(programs, { uri, ...place }) }]
              : [];
          }),
        ),
      ),
    ),
};

interface Named {
  readonly name: string;
  readonly kind: SymbolKind;
  readonly place: TextRange;
}

function namedBy(node: Declaration): readonly Named[] {
  switch (node.$type) {
    case 'DimsBlock':
      return node.entries.map((entry) => ({
        ...{ name: entry.name, kind: SymbolKind.Constant, place: rangeOf(entry, 'name') },
      }));
    case 'Import':
      return [];
    default:
      return [{ name: node.name, kind: kinds[node.$type], place: rangeOf(node, 'name') }];
  }
}

const kinds = {
  Block: SymbolKind.Function,
  Model: SymbolKind.Class,
  Run: SymbolKind.Event,
  Weights: SymbolKind.File,
} as const;

/** `mha` finds MultiHeadAttention. */
function holdsInOrder(name: string, query: string): boolean {
  let at = 0;
  for (const letter of query) {
    at = name.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
