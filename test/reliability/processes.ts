/** The two processes as the editor starts them: the engine by its protocol, the language server by LSP. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import {
  createProtocolConnection,
  type Diagnostic,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node.js';
import { type AskingSide, type EngineSide, Rpc, type RunRequest } from '../../src/views/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** One per worker of the test runner, so that none runs what another is writing. */
const { VITEST_POOL_ID: worker = '0' } = process.env;
const folder = join(root, '.cache/processes', worker);

/** Bundles them as they are shipped. */
export async function buildProcesses(): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: {
      engine: 'src/session/engine-process.ts',
      'language-server': 'src/language/main.ts',
    },
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    loader: { '.tblock': 'text', '.wasm': 'binary' },
    external: ['webgpu', 'gl'],
    mainFields: ['module', 'main'],
    define: { 'import.meta.url': 'moduleUrl' },
    banner: { js: 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
    logLevel: 'error',
  });
}

/** An engine process, and how many bytes of memory it holds. */
export class EngineProcess {
  readonly #child: ChildProcess;
  readonly rpc: Rpc<AskingSide, EngineSide>;
  readonly progress: string[] = [];

  constructor() {
    // The collector can be called, so that what is counted is what is held.
    this.#child = fork(join(folder, 'engine.cjs'), [], {
      serialization: 'advanced',
      silent: true,
    });
    this.rpc = new Rpc<AskingSide, EngineSide>(
      {
        post: (message) =>
          new Promise<void>((done, fail) => {
            this.#child.send(message as object, (error) => (error === null ? done() : fail(error)));
          }),
        listen: (handler) => {
          this.#child.on('message', handler);
        },
      },
      {
        requests: {},
        events: { progress: ({ label }) => this.progress.push(label), log: () => {} },
      },
    );
    this.#child.on('exit', (code, signal) =>
      this.rpc.close(`The engine ended (${code ?? signal}).`),
    );
  }

  run(uri: string, text: string, target?: string, more: Partial<RunRequest> = {}) {
    return this.rpc.ask('run', {
      uri,
      documents: { [uri]: text },
      backend: 'cpu',
      ...(target !== undefined && { target }),
      ...more,
    });
  }

  get memory(): number {
    return memoryOf(this.#child);
  }

  close(): void {
    this.rpc.close('The test is over.');
    this.#child.kill('SIGKILL');
  }
}

/** A language server, and an editor without a window. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly connection: ProtocolConnection;
  readonly #published = new Map<string, PublishDiagnosticsParams>();
  readonly #waiting = new Set<() => void>();

  private constructor(child: ChildProcess, connection: ProtocolConnection) {
    this.#child = child;
    this.connection = connection;
    connection.onNotification('textDocument/publishDiagnostics', (params) => {
      this.#published.set(params.uri, params);
      for (const look of this.#waiting) look();
    });
    connection.listen();
  }

  static async start(rootUri: string | null): Promise<ServerProcess> {
    const child = spawn(process.execPath, [join(folder, 'language-server.cjs'), '--stdio'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    const server = new ServerProcess(child, connection);
    await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri,
      capabilities: {},
      initializationOptions: { diagnosticsPage: 'file:///docs/diagnostics.md' },
    });
    await connection.sendNotification('initialized', {});
    return server;
  }

  /** Opens a text, or replaces it where the version is not the first. */
  async show(uri: string, text: string, version: number): Promise<void> {
    if (version === 1) {
      const textDocument = { uri, languageId: 'tblock', version, text };
      await this.connection.sendNotification('textDocument/didOpen', { textDocument });
      return;
    }
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ text }],
    });
  }

  async hide(uri: string): Promise<void> {
    await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    this.#published.delete(uri);
  }

  /** What was published for a version of a file. */
  diagnostics(uri: string, version: number): Promise<readonly Diagnostic[]> {
    return new Promise((done) => {
      const look = (): void => {
        const found = this.#published.get(uri);
        if (found === undefined || found.version !== version) return;
        this.#waiting.delete(look);
        done(found.diagnostics);
      };
      this.#waiting.add(look);
      look();
    });
  }

  get memory(): number {
    return memoryOf(this.#child);
  }

  close(): void {
    this.connection.dispose();
    this.#child.kill('SIGKILL');
  }
}

/** Resident bytes of a process; not a number where the system does not say. */
function memoryOf({ pid }: ChildProcess): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
  } catch {
    return Number.NaN;
  }
}
