/** Rename: a name everywhere, in other files and in the paths of runs and mappings too. */
import { t } from '@vscode/l10n';
import {
  ErrorCodes,
  type PrepareRenameResult,
  ResponseError,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node.js';
import { preludeUri } from '../analysis/index.ts';
import { snakeCase } from '../shapes/index.ts';
import { type Feature, locationOf, rangeIn, type Server } from './feature.ts';
import type { Occurrence } from './occurrences.ts';
import type { OpenProgram } from './program-store.ts';
import { nameAt, placesOf } from './references.ts';
import { fileSymbolsOf, type Meaning } from './symbols.ts';

type Answer<T> = T | ResponseError<undefined> | null;

export const rename: Feature = {
  name: 'rename',
  capabilities: { renameProvider: { prepareProvider: true } },
  attach: (server) => {
    const { connection, programs, guarded } = server;
    connection.onPrepareRename(
      guarded('rename', null, ({ textDocument, position }): Answer<PrepareRenameResult> => {
        const program = programs.program(textDocument.uri);
        const named = program && nameAt(program, program.lines.offsetAt(position));
        if (program === undefined || named === undefined) return null;
        const reason = whyFixed(named);
        if (reason !== undefined) return refusal(reason);
        const { occurrence } = named;
        return { range: rangeIn(program, occurrence), placeholder: occurrence.name };
      }),
    );
    connection.onRenameRequest(
      guarded('rename', null, ({ textDocument, position, newName }): Answer<WorkspaceEdit> => {
        const program = programs.program(textDocument.uri);
        const named = program && nameAt(program, program.lines.offsetAt(position));
        if (program === undefined || named === undefined) return null;
        const reason = whyFixed(named) ?? whyUnfit(program, named, newName);
        if (reason !== undefined) return refusal(reason);
        return { changes: renamed(server, textDocument.uri, named, newName) };
      }),
    );
  },
};

interface Named {
  readonly occurrence: Occurrence;
  readonly meaning: Meaning;
}

function renamed(
  server: Server,
  from: string,
  named: Named,
  newName: string,
): Record<string, TextEdit[]> {
  const changes: Record<string, TextEdit[]> = {};
  const { occurrence, meaning } = named;
  const old = isDerived(named) ? (meaning.block?.name ?? occurrence.name) : occurrence.name;
  for (const place of placesOf(server, from, meaning.id)) {
    const { uri, range } = locationOf(server.programs, {
      uri: place.file.uri,
      ...place.occurrence,
    });
    changes[uri] ??= [];
    changes[uri].push({ range, newText: textFor(place.occurrence.name, old, newName) });
  }
  return changes;
}

/** A call without `as` is labelled by the block's name in snake case, with a number where that is taken. */
function textFor(written: string, old: string, newName: string): string {
  const label = snakeCase(old);
  return written !== old && written.startsWith(label)
    ? snakeCase(newName) + written.slice(label.length)
    : newName;
}

function isDerived({ occurrence, meaning }: Named): boolean {
  return occurrence.kind === 'path' && meaning.id.startsWith('block|');
}

/** Why a name cannot be changed; undefined where it can. */
function whyFixed({ occurrence, meaning }: Named): string | undefined {
  const { name } = occurrence;
  if (meaning.operator !== undefined) return t`${name} is an operator of the language.`;
  if (meaning.definition?.uri === preludeUri) return t`${name} belongs to the standard library.`;
  return meaning.definition === undefined ? t`${name} is not declared anywhere.` : undefined;
}

function whyUnfit(program: OpenProgram, named: Named, newName: string): string | undefined {
  if (!/^[\p{L}_][\p{L}\p{M}\p{N}_]*'*$/u.test(newName)) {
    return t`${newName} is not a name: letters, digits and _, not a digit first.`;
  }
  const { occurrence, meaning } = named;
  const file = fileSymbolsOf(program.analysis);
  const taken = file.occurrences.find(
    (other) =>
      other.name === newName &&
      other.owner === occurrence.owner &&
      other.kind !== 'key' &&
      file.meaning(other)?.id !== meaning.id,
  );
  return taken && t`${newName} already stands for something else here.`;
}

function refusal(message: string): ResponseError<undefined> {
  return new ResponseError(ErrorCodes.InvalidRequest, message);
}
