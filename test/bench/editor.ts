/**
 * How fast the editor answers: from a keystroke to diagnostics and to completion, over LSP, on a file of a thousand lines
 * with twenty blocks and a model of forty-eight layers; TypeScript's own server on a file of that size is the yardstick.
 * Then forty thousand edits: what the server holds goes up while V8 lets its heap grow, and then no more.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node.js';
import { LineMap } from '../../src/syntax/index.ts';
import { bigProgram } from './big-program.ts';
import { bigTypeScript } from './big-typescript.ts';

interface Subject {
  readonly name: string;
  readonly file: string;
  readonly languageId: string;
  readonly text: string;
  readonly command: readonly [string, ...string[]];
  /** Whether it publishes diagnostics, or is to be asked for them. */
  readonly diagnostics: 'published' | 'asked for';
  /** Words behind which a letter is typed. */
  readonly places: RegExp;
}

const keystrokes = 300;
/** Of these, as many are not counted. */
const warmUp = 20;
const edits = 40_000;

const subjects: readonly Subject[] = [
  {
    name: 'TBlock',
    file: 'big.tblock',
    languageId: 'tblock',
    text: bigProgram(),
    command: ['node', resolve('dist/language-server.cjs'), '--stdio'],
    diagnostics: 'published',
    places: /\b(?:normed|scores|gate|corrected|centred|mixed)\b/g,
  },
  {
    name: 'TypeScript',
    file: 'big.ts',
    languageId: 'typescript',
    text: bigTypeScript(),
    command: ['node', resolve('node_modules/typescript/bin/tsc'), '--lsp', '--stdio'],
    diagnostics: 'asked for',
    places: /\b(?:normed|scores|gate|corrected|centred|mixed)\b/g,
  },
];

const folder = mkdtempSync(join(tmpdir(), 'tblock-bench-'));
async function measured(subject: Subject): Promise<Record<string, string>> {
  const client = await Client.start(subject);
  const toDiagnostics: number[] = [];
  const toCompletion: number[] = [];
  const places = [...subject.text.matchAll(subject.places)].map(
    ({ index, 0: word }) => index + word.length,
  );
  let computed = 0;
  for (let i = 0; i < keystrokes; i += 1) {
    if (i === warmUp) computed = client.computed();
    const at = places[(i * 37) % places.length] ?? 0;
    const typed = await client.timed(() => client.type(at, 0, 'q'));
    const completed = await client.timed(() => client.complete(at + 1));
    const erased = await client.timed(() => client.type(at, 1, ''));
    if (i < warmUp) continue;
    toDiagnostics.push(typed, erased);
    toCompletion.push(completed);
  }
  const perKeystroke = (client.computed() - computed) / (keystrokes - warmUp) / 2;
  client.stop();
  return {
    lines: `${subject.text.split('\n').length}`,
    'diagnostics median ms': quantile(toDiagnostics, 0.5),
    'diagnostics p95 ms': quantile(toDiagnostics, 0.95),
    'completion median ms': quantile(toCompletion, 0.5),
    'completion p95 ms': quantile(toCompletion, 0.95),
    'processor ms a keystroke': perKeystroke.toFixed(1),
  };
}

async function memoryOver(subject: Subject): Promise<Record<string, string>> {
  const client = await Client.start(subject);
  const places = [...subject.text.matchAll(subject.places)].map(
    ({ index, 0: word }) => index + word.length,
  );
  const sizes: Record<string, string> = {};
  for (let i = 1; i <= edits; i += 1) {
    const at = places[(i * 37) % places.length] ?? 0;
    const isLast = i % 20 === 0;
    client.change(at, 0, 'q');
    if (isLast) await client.type(at, 1, '');
    else client.change(at, 1, '');
    if ([1000, 10_000, 20_000, edits].includes(i))
      sizes[`MB after ${i} edits`] = client.megabytes();
  }
  client.stop();
  return sizes;
}

function quantile(values: readonly number[], at: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? 0).toFixed(1);
}

/** An editor with one document. */
class Client {
  readonly #connection: ProtocolConnection;
  readonly #process: ChildProcess;
  readonly #subject: Subject;
  readonly #uri: string;
  #text: string;
  #version = 1;
  #published: { readonly version: number; readonly done: () => void } | undefined;

  private constructor(subject: Subject, process: ChildProcess) {
    if (process.stdout === null || process.stdin === null)
      throw new Error('The server has no streams.');
    this.#subject = subject;
    this.#process = process;
    this.#text = subject.text;
    this.#uri = pathToFileURL(join(folder, subject.file)).href;
    this.#connection = createProtocolConnection(
      new StreamMessageReader(process.stdout),
      new StreamMessageWriter(process.stdin),
    );
    this.#connection.onNotification('textDocument/publishDiagnostics', ({ uri, version }) => {
      if (uri === this.#uri && version === this.#published?.version) this.#published?.done();
    });
    // Registrations and settings that a server asks for.
    this.#connection.onRequest('client/registerCapability', () => null);
    this.#connection.onRequest('workspace/configuration', () => [null]);
    this.#connection.listen();
  }

  static async start(subject: Subject): Promise<Client> {
    writeFileSync(join(folder, subject.file), subject.text);
    writeFileSync(join(folder, 'tsconfig.json'), '{ "compilerOptions": { "strict": true } }');
    const [program, ...args] = subject.command;
    const client = new Client(
      subject,
      spawn(program, args, { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] }),
    );
    const rootUri = pathToFileURL(folder).href;
    await client.#connection.sendRequest('initialize', {
      processId: null,
      rootUri,
      workspaceFolders: [{ uri: rootUri, name: 'bench' }],
      capabilities: {
        textDocument: { diagnostic: {}, publishDiagnostics: { versionSupport: true } },
      },
    });
    await client.#connection.sendNotification('initialized', {});
    const { languageId, text } = subject;
    const textDocument = { uri: client.#uri, languageId, version: 1, text };
    await client.#connection.sendNotification('textDocument/didOpen', { textDocument });
    await client.complete(0);
    return client;
  }

  async timed(act: () => Promise<unknown>): Promise<number> {
    const start = performance.now();
    await act();
    return performance.now() - start;
  }

  /** Replaces, and waits for the diagnostics of the new text. */
  async type(at: number, deleted: number, inserted: string): Promise<void> {
    const published = new Promise<void>((done) => {
      this.#published = { version: this.#version + 1, done };
    });
    this.change(at, deleted, inserted);
    const { diagnostics } = this.#subject;
    if (diagnostics === 'published') await published;
    else {
      await this.#connection.sendRequest('textDocument/diagnostic', {
        textDocument: { uri: this.#uri },
      });
    }
  }

  change(at: number, deleted: number, inserted: string): void {
    const lines = new LineMap(this.#text);
    const range = { start: lines.positionAt(at), end: lines.positionAt(at + deleted) };
    this.#text = this.#text.slice(0, at) + inserted + this.#text.slice(at + deleted);
    this.#version += 1;
    this.#connection
      .sendNotification('textDocument/didChange', {
        textDocument: { uri: this.#uri, version: this.#version },
        contentChanges: [{ range, text: inserted }],
      })
      .catch(() => {});
  }

  complete(at: number): Promise<unknown> {
    return this.#connection.sendRequest('textDocument/completion', {
      textDocument: { uri: this.#uri },
      position: new LineMap(this.#text).positionAt(at),
    });
  }

  /** Milliseconds of all processors that the server has taken: beside other work, more telling than what was waited. */
  computed(): number {
    const fields = readFileSync(`/proc/${this.#process.pid}/stat`, 'utf8').split(') ')[1] ?? '';
    const [user = 0, system = 0] = fields.split(' ').slice(11, 13).map(Number);
    return (user + system) * 10;
  }

  /** What the server's process holds. */
  megabytes(): string {
    const status = readFileSync(`/proc/${this.#process.pid}/status`, 'utf8');
    const kilobytes = Number(/VmRSS:\s*(\d+)/.exec(status)?.[1] ?? Number.NaN);
    return (kilobytes / 1024).toFixed(0);
  }

  stop(): void {
    this.#connection.dispose();
    this.#process.kill();
  }
}

try {
  const rows: Record<string, Record<string, string>> = {};
  for (const subject of subjects) rows[subject.name] = await measured(subject);
  console.table(rows);
  console.table({ TBlock: await memoryOver(subjects[0] as Subject) });
} finally {
  rmSync(folder, { recursive: true });
}
