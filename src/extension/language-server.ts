/** The language server's process and the questions the extension has for it. */
import * as vscode from 'vscode';
import {
  LanguageClient,
  RevealOutputChannelOn,
  type ServerOptions as ServerStart,
  TransportKind,
} from 'vscode-languageclient/node.js';
import type { LanguageRequests, ServerOptions } from '../language/index.ts';
import { documentSelector } from './documents.ts';
import { onSettingChanged, setting } from './settings.ts';
import { translation } from './translation.ts';

export class LanguageServer implements vscode.Disposable {
  readonly #client: LanguageClient;
  readonly #disposables: readonly vscode.Disposable[];

  constructor(context: vscode.ExtensionContext, output: vscode.LogOutputChannel) {
    const module = context.asAbsolutePath('dist/language-server.cjs');
    const run = { module, transport: TransportKind.ipc, options: { env: translation() } };
    const start: ServerStart = {
      run,
      debug: { ...run, options: { ...run.options, execArgv: ['--inspect=6009'] } },
    };
    const page = vscode.Uri.joinPath(context.extensionUri, 'docs/diagnostics.md');
    const options: ServerOptions = {
      diagnosticsPage: page.toString(),
      inlayHints: { shapes: setting('inlayHints.shapes'), dims: setting('inlayHints.dims') },
    };
    const watcher = vscode.workspace.createFileSystemWatcher('**/*.tblock');
    this.#client = new LanguageClient('tblock', 'TBlock', start, {
      documentSelector,
      initializationOptions: options,
      outputChannel: output,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      synchronize: { fileEvents: watcher, configurationSection: 'tblock' },
      middleware: {
        provideCodeLenses: async (document, token, next) => {
          const lenses = (await next(document, token)) ?? [];
          // A lens without a command is that of a cost, which is worked out when it is shown.
          return lenses.filter(({ command }) =>
            setting(command === undefined ? 'codeLensCost' : 'codeLens'),
          );
        },
      },
    });
    this.#disposables = [
      watcher,
      onSettingChanged('codeLens', () => this.#refreshLenses()),
      onSettingChanged('codeLensCost', () => this.#refreshLenses()),
    ];
    this.#client.start().catch((error: unknown) => {
      output.error(`The language server did not start: ${String(error)}`);
    });
  }

  /** Asks for what LSP has no request for. Rejects where the server does not run. */
  ask<Name extends keyof LanguageRequests>(
    name: Name,
    params: LanguageRequests[Name]['params'],
  ): Promise<LanguageRequests[Name]['result']> {
    return this.#client.sendRequest<LanguageRequests[Name]['result']>(name, params);
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
    // A server that is still starting cannot be stopped, and ends with the extension host.
    this.#client.dispose().catch(() => {});
  }

  #refreshLenses(): void {
    for (const document of vscode.workspace.textDocuments) {
      const provider = this.#client.getFeature('textDocument/codeLens').getProvider(document);
      provider?.onDidChangeCodeLensEmitter.fire();
    }
  }
}
