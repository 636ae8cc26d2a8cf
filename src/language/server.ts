/**
 * The language server: the analysis of the open programs as LSP. One file per feature; a new one gets its line in the
 * table below. Nothing here throws at the editor: a feature that fails is logged and answers as if it had found nothing.
 */
import { type Connection, TextDocumentSyncKind } from 'vscode-languageserver/node.js';
import { codeLenses } from './code-lenses.ts';
import { completion } from './completion.ts';
import { definition } from './definition.ts';
import { diagnostics } from './diagnostics.ts';
import { documentSymbols } from './document-symbols.ts';
import { editorRequests } from './editor-requests.ts';
import type { Feature, Server } from './feature.ts';
import { folding } from './folding.ts';
import { formatting } from './formatting.ts';
import { hover } from './hover.ts';
import { inlayHints } from './inlay-hints.ts';
import { ProgramStore } from './program-store.ts';
import type { ServerOptions } from './protocol.ts';
import { quickFixes } from './quick-fixes.ts';
import { references } from './references.ts';
import { rename } from './rename.ts';
import { runChecks } from './run-checks.ts';
import { semanticTokens } from './semantic-tokens.ts';
import { signatureHelp } from './signature-help.ts';
import { workspaceSymbols } from './workspace-symbols.ts';

const features: readonly Feature[] = [
  diagnostics,
  quickFixes,
  completion,
  hover,
  formatting,
  signatureHelp,
  inlayHints,
  semanticTokens,
  folding,
  workspaceSymbols,
  definition,
  references,
  rename,
  documentSymbols,
  codeLenses,
  editorRequests,
  runChecks,
];

/** Serves a connection until it closes. */
export function startServer(connection: Connection): void {
  let options: ServerOptions = { diagnosticsPage: 'docs/diagnostics.md' };
  const server: Server = {
    connection,
    programs: new ProgramStore(),
    options: () => options,
    guarded: (feature, empty, handle) => (params) => {
      try {
        return handle(params);
      } catch (error) {
        const story = error instanceof Error ? (error.stack ?? error.message) : String(error);
        connection.console.error(`${feature}: ${story}`);
        return empty;
      }
    },
  };
  connection.onInitialize(({ initializationOptions, workspaceFolders, rootUri }) => {
    const root = rootUri === null ? [] : [rootUri];
    server.programs.folders = workspaceFolders?.map(({ uri }) => uri) ?? root;
    options = { ...options, ...(initializationOptions as Partial<ServerOptions> | undefined) };
    server.programs.setScope(options.scope);
    server.programs.setDevices(options.devices ?? {});
    const capabilities = Object.assign({}, ...features.map((feature) => feature.capabilities));
    return {
      capabilities: { textDocumentSync: TextDocumentSyncKind.Incremental, ...capabilities },
    };
  });
  connection.onDidChangeConfiguration(({ settings }) => {
    const changed = (settings as { tblock?: Partial<ServerOptions> } | null)?.tblock;
    const { inlayHints } = changed ?? {};
    if (inlayHints === undefined) return;
    options = { ...options, inlayHints };
    connection.languages.inlayHint.refresh().catch(() => {});
  });
  for (const feature of features) feature.attach(server);
  connection.listen();
}
