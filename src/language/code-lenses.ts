/** ▷ Run and Inspect above everything that can be run. */
import type { CodeLens } from 'vscode-languageserver/node.js';
import { preludeUri } from '../analysis/index.ts';
import { type Feature, rangeIn } from './feature.ts';
import type { OpenProgram } from './program-store.ts';
import type { LensCommands } from './protocol.ts';

export const codeLenses: Feature = {
  name: 'code lenses',
  capabilities: { codeLensProvider: {} },
  attach: ({ connection, programs, guarded }) =>
    connection.onCodeLens(
      guarded('code lenses', [], ({ textDocument }) => {
        const program = programs.program(textDocument.uri);
        return program === undefined ? [] : lensesIn(program);
      }),
    ),
};

export function lensesIn(program: OpenProgram): CodeLens[] {
  if (program.analysis.uri === preludeUri) return [];
  return program.analysis.targets.flatMap(({ source, name }) =>
    titles.map(({ title, command }) => ({
      range: rangeIn(program, source),
      command: { title, command, arguments: [program.uri, name] },
    })),
  );
}

const titles: readonly { readonly title: string; readonly command: keyof LensCommands }[] = [
  { title: '▷ Run', command: 'tblock.run' },
  { title: 'Inspect', command: 'tblock.inspect' },
];
