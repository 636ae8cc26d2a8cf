/** Go to definition, into other files and the standard library too; and to what a value's type is made of. */
import type { Location } from 'vscode-languageserver/node.js';
import { symbolsOf } from '../dims/index.ts';
import { rangeOf } from '../syntax/index.ts';
import type { SourceRange } from '../trace/index.ts';
import { type Feature, locationOf } from './feature.ts';
import { resolvePath } from './file-addresses.ts';
import type { OpenProgram } from './program-store.ts';
import { nameAt } from './references.ts';

export const definition: Feature = {
  name: 'definition',
  capabilities: { definitionProvider: true, typeDefinitionProvider: true },
  attach: ({ connection, programs, guarded }) => {
    connection.onDefinition(
      guarded('definition', null, ({ textDocument, position }): Location | null => {
        const program = programs.program(textDocument.uri);
        const target = program && definitionAt(program, program.lines.offsetAt(position));
        return target === undefined ? null : locationOf(programs, target);
      }),
    );
    connection.onTypeDefinition(
      guarded('type definition', [], ({ textDocument, position }): Location[] => {
        const program = programs.program(textDocument.uri);
        if (program === undefined) return [];
        return typeDefinitions(program, program.lines.offsetAt(position)).map((place) =>
          locationOf(programs, place),
        );
      }),
    );
  },
};

function definitionAt(program: OpenProgram, offset: number): SourceRange | undefined {
  return nameAt(program, offset)?.meaning.definition ?? importedFileAt(program, offset);
}

/** The path of an import leads to the file. */
function importedFileAt({ analysis }: OpenProgram, offset: number): SourceRange | undefined {
  for (const node of analysis.syntax.program.declarations) {
    if (node.$type !== 'Import') continue;
    const { start, end } = rangeOf(node, 'file');
    const isHere = node.file !== '' && start <= offset && offset <= end;
    if (isHere) return { uri: resolvePath(analysis.uri, node.file), start: 0, end: 0 };
  }
  return undefined;
}

/** A tensor's type is made of dims; a call's of the block that is called. */
function typeDefinitions(program: OpenProgram, offset: number): readonly SourceRange[] {
  const meaning = nameAt(program, offset)?.meaning;
  const shape = meaning?.fact?.type?.shape ?? meaning?.path?.type?.shape;
  const { dims } = program.analysis.program;
  const places = [...new Set(shape?.axes.flatMap(symbolsOf))].flatMap(
    (symbol) => dims.get(symbol)?.source ?? [],
  );
  const block = meaning?.block?.source;
  return places.length === 0 && block !== undefined ? [block] : places;
}
