/** ▷ Run and Inspect above everything that can be run, and what it costs. */
import { t } from '@vscode/l10n';
import type { CodeLens, Command } from 'vscode-languageserver/node.js';
import { costLine, costNamed, preludeUri } from '../analysis/index.ts';
import { type Feature, rangeIn } from './feature.ts';
import type { OpenProgram } from './program-store.ts';
import type { LensCommands } from './protocol.ts';

export const codeLenses: Feature = {
  name: 'code lenses',
  capabilities: { codeLensProvider: { resolveProvider: true } },
  attach: ({ connection, programs, guarded }) => {
    connection.onCodeLens(
      guarded('code lenses', [], ({ textDocument }) => {
        const program = programs.program(textDocument.uri);
        return program === undefined ? [] : lensesIn(program);
      }),
    );
    connection.onCodeLensResolve((lens) =>
      guarded('cost', lens, () => {
        const { uri, name } = lens.data as CostLens;
        const program = programs.program(uri);
        return program === undefined ? lens : { ...lens, command: costCommand(program, name) };
      })(undefined),
    );
  },
};

/** What a lens keeps until it is seen: a cost is worked out only then. */
interface CostLens {
  readonly uri: string;
  readonly name: string;
}

export function lensesIn(program: OpenProgram): CodeLens[] {
  if (program.analysis.uri === preludeUri) return [];
  return program.analysis.targets.flatMap(({ source, name }): CodeLens[] => {
    const range = rangeIn(program, source);
    const data: CostLens = { uri: program.uri, name };
    const commands = titles.map(({ title, command }) => ({
      range,
      command: { title, command, arguments: [program.uri, name] },
    }));
    return [...commands, { range, data }];
  });
}

/** A title that does nothing when it is clicked. */
function costCommand({ analysis }: OpenProgram, name: string): Command {
  const found = costNamed(analysis, name);
  return {
    title: found ? costLine(found.cost.total, found.facts) : t`cost not known`,
    command: '',
  };
}

const titles: readonly { readonly title: string; readonly command: keyof LensCommands }[] = [
  { title: t`▷ Run`, command: 'tblock.run' },
  { title: t`Inspect`, command: 'tblock.inspect' },
];
