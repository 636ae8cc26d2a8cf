/** The outline: declarations and the values, parameters and repeats inside them. */
import { t } from '@vscode/l10n';
import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver/node.js';
import {
  type Declaration,
  type DimsBlock,
  rangeOf,
  type Statement,
  type TextRange,
  textOf,
} from '../syntax/index.ts';
import { type Feature, rangeIn } from './feature.ts';
import type { OpenProgram } from './program-store.ts';

export const documentSymbols: Feature = {
  name: 'document symbols',
  capabilities: { documentSymbolProvider: true },
  attach: ({ connection, programs, guarded }) =>
    connection.onDocumentSymbol(
      guarded('document symbols', [], ({ textDocument }) => {
        const program = programs.program(textDocument.uri);
        return program === undefined ? [] : symbolsIn(program);
      }),
    ),
};

/** From the syntax alone, so that a file with errors has its outline. */
export function symbolsIn(program: OpenProgram): DocumentSymbol[] {
  const { declarations } = program.analysis.syntax.program;
  return declarations.flatMap(ofDeclaration).map((entry) => asLsp(entry, program));
}

interface Entry {
  readonly name: string;
  readonly detail: string;
  readonly kind: SymbolKind;
  readonly extent: TextRange;
  /** The name in the text. */
  readonly place: TextRange;
  readonly children: readonly Entry[];
}

function ofDeclaration(node: Declaration): readonly Entry[] {
  const entry = (kind: SymbolKind, detail: string, children: readonly Entry[] = []) => ({
    ...{ kind, detail, children, extent: rangeOf(node), place: rangeOf(node, 'name') },
    name: 'name' in node ? node.name : '',
  });
  switch (node.$type) {
    case 'DimsBlock':
      return ofDims(node);
    case 'Block':
      return [
        entry(
          SymbolKind.Function,
          node.result === undefined ? '' : `-> ${textOf(node.result)}`,
          node.statements.flatMap(ofStatement),
        ),
      ];
    case 'Model':
      return [entry(SymbolKind.Class, 'model', node.statements.flatMap(ofStatement))];
    case 'Run':
      return [entry(SymbolKind.Event, `run for ${node.subject}`)];
    case 'Weights':
      return [entry(SymbolKind.File, `weights "${node.file}"`)];
    case 'Import':
      return [];
  }
}

function ofDims(node: DimsBlock): readonly Entry[] {
  return node.entries.map((dim) => ({
    name: dim.name,
    detail: dim.value === undefined ? 'dim' : `= ${textOf(dim.value)}`,
    kind: SymbolKind.Constant,
    extent: rangeOf(dim),
    place: rangeOf(dim, 'name'),
    children: [],
  }));
}

function ofStatement(node: Statement): readonly Entry[] {
  const leaf = (name: string, kind: SymbolKind, detail: string, place: TextRange): Entry => ({
    ...{ name, kind, detail, place },
    extent: rangeOf(node),
    children: [],
  });
  switch (node.$type) {
    case 'Param':
    case 'Input':
      return [
        leaf(
          node.name,
          node.$type === 'Param' ? SymbolKind.Field : SymbolKind.Variable,
          textOf(node.type),
          rangeOf(node, 'name'),
        ),
      ];
    case 'Output':
      return [leaf(node.name, SymbolKind.Variable, 'output', rangeOf(node, 'name'))];
    case 'Assign':
      return node.targets.map((target) =>
        leaf(target.name, SymbolKind.Variable, '', rangeOf(target)),
      );
    case 'ResidualWrite':
      return [leaf(node.target.name, SymbolKind.Variable, '+=', rangeOf(node.target))];
    case 'Repeat':
      return [
        {
          ...leaf(
            node.label ?? 'repeat',
            SymbolKind.Array,
            textOf(node.count),
            rangeOf(node.count),
          ),
          children: node.statements.flatMap(ofStatement),
        },
      ];
    case 'If':
      return [...node.consequent, ...node.otherwise].flatMap(ofStatement);
    case 'Return':
      return [];
  }
}

function asLsp(entry: Entry, program: OpenProgram): DocumentSymbol {
  const { extent, place } = entry;
  // Editors insist on a name, and on a place inside the extent.
  const around = {
    start: Math.min(extent.start, place.start),
    end: Math.max(extent.end, place.end),
  };
  return {
    name: entry.name === '' ? t`(no name yet)` : entry.name,
    detail: entry.detail,
    kind: entry.kind,
    range: rangeIn(program, around),
    selectionRange: rangeIn(program, place),
    children: entry.children.map((child) => asLsp(child, program)),
  };
}
