/** What a feature of the language server is, and what it may use. */
import type {
  Connection,
  Location,
  Range,
  ServerCapabilities,
} from 'vscode-languageserver/node.js';
import type { SourceRange } from '../trace/index.ts';
import type { OpenProgram, ProgramStore } from './program-store.ts';
import type { ServerOptions } from './protocol.ts';

export interface Feature {
  readonly name: string;
  readonly capabilities: Partial<ServerCapabilities>;
  /** Registers the feature's handlers. */
  readonly attach: (server: Server) => void;
}

export interface Server {
  readonly connection: Connection;
  readonly programs: ProgramStore;
  /** Complete once the editor has sent `initialize`. */
  readonly options: () => ServerOptions;
  /** A handler that never fails: what goes wrong is logged under the feature's name and answered with `empty`. */
  readonly guarded: <Params, Result>(
    feature: string,
    empty: Result,
    handle: (params: Params) => Result,
  ) => (params: Params) => Result;
}

export function rangeIn(program: OpenProgram, source: Omit<SourceRange, 'uri'>): Range {
  return {
    start: program.lines.positionAt(source.start),
    end: program.lines.positionAt(source.end),
  };
}

/** A place in any file, open or not. */
export function locationOf(programs: ProgramStore, source: SourceRange): Location {
  const lines = programs.lines(source.uri);
  return {
    uri: programs.editorUri(source.uri),
    range: { start: lines.positionAt(source.start), end: lines.positionAt(source.end) },
  };
}
