/** An editor without a window: it speaks LSP with the language server over two streams in memory. */
import { PassThrough } from 'node:stream';
import {
  createConnection,
  createProtocolConnection,
  type Diagnostic,
  type DidOpenTextDocumentParams,
  type Position,
  ProposedFeatures,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node.js';
import type { ServerOptions } from '../../src/language/index.ts';
import { startServer } from '../../src/language/server.ts';

export class Editor {
  readonly connection: ProtocolConnection;
  readonly #published = new Map<string, PublishDiagnosticsParams>();
  readonly #versions = new Map<string, number>();
  readonly #waiting = new Set<() => void>();

  private constructor(connection: ProtocolConnection) {
    this.connection = connection;
    connection.onNotification('textDocument/publishDiagnostics', (params) => {
      this.#published.set(params.uri, params);
      for (const look of this.#waiting) look();
    });
    connection.listen();
  }

  static async start(options: Partial<ServerOptions> = {}): Promise<Editor> {
    const [toServer, toEditor] = [new PassThrough(), new PassThrough()];
    startServer(createConnection(ProposedFeatures.all, toServer, toEditor));
    const editor = new Editor(
      createProtocolConnection(
        new StreamMessageReader(toEditor),
        new StreamMessageWriter(toServer),
      ),
    );
    await editor.connection.sendRequest('initialize', {
      processId: null,
      rootUri: null,
      capabilities: {},
      initializationOptions: { diagnosticsPage: 'file:///docs/diagnostics.md', ...options },
    });
    await editor.connection.sendNotification('initialized', {});
    return editor;
  }

  /** Opens a file, and puts the cursor where the text has a `‸`. */
  async open(uri: string, marked: string): Promise<Position> {
    const text = marked.replace('‸', '');
    this.#versions.set(uri, 1);
    const textDocument = { uri, languageId: 'tblock', version: 1, text };
    const params: DidOpenTextDocumentParams = { textDocument };
    await this.connection.sendNotification('textDocument/didOpen', params);
    const before = marked.slice(0, Math.max(0, marked.indexOf('‸'))).split('\n');
    return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  }

  async change(uri: string, text: string): Promise<void> {
    const version = (this.#versions.get(uri) ?? 0) + 1;
    this.#versions.set(uri, version);
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ text }],
    });
  }

  async close(uri: string): Promise<void> {
    await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  /** Asks for what is at a place. */
  at<Result>(method: string, uri: string, position: Position): Promise<Result> {
    return this.connection.sendRequest(method, { textDocument: { uri }, position });
  }

  /** Asks for what is in a file. */
  in<Result>(method: string, uri: string): Promise<Result> {
    return this.connection.sendRequest(method, { textDocument: { uri } });
  }

  /** What was published last for a file, of its latest version, once it satisfies a condition. */
  diagnostics(
    uri: string,
    condition: (found: readonly Diagnostic[]) => boolean = () => true,
  ): Promise<readonly Diagnostic[]> {
    return new Promise((done) => {
      const look = (): void => {
        const found = this.#published.get(uri);
        if (found === undefined || !condition(found.diagnostics)) return;
        if (found.version !== undefined && found.version !== this.#versions.get(uri)) return;
        this.#waiting.delete(look);
        done(found.diagnostics);
      };
      this.#waiting.add(look);
      look();
    });
  }

  stop(): void {
    this.connection.dispose();
  }
}
