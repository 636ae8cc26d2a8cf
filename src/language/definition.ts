/** Go to definition, into other files and the standard library too. */
import { factAt } from './facts.ts';
import { type Feature, locationOf } from './feature.ts';

export const definition: Feature = {
  name: 'definition',
  capabilities: { definitionProvider: true },
  attach: ({ connection, programs, guarded }) =>
    connection.onDefinition(
      guarded('definition', null, ({ textDocument, position }) => {
        const program = programs.program(textDocument.uri);
        const target = program && factAt(program, program.lines.offsetAt(position))?.definition;
        return target === undefined ? null : locationOf(programs, target);
      }),
    ),
};
