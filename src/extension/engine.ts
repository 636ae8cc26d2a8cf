/** The engine process: started with the first question, started again after a crash. */
import { type ChildProcess, fork } from 'node:child_process';
import * as vscode from 'vscode';
import { acceptedFlags } from '../kernels/index.ts';
import {
  type AskingSide,
  type EngineEvents,
  type EngineSide,
  Rpc,
  type Transport,
} from '../views/index.ts';
import { translation } from './translation.ts';
import { isTrusted, restrictedText } from './trust.ts';

interface Running {
  readonly child: ChildProcess;
  readonly rpc: Rpc<AskingSide, EngineSide>;
}

export class Engine implements vscode.Disposable {
  readonly #file: string;
  readonly #output: vscode.LogOutputChannel;
  readonly #progress = new vscode.EventEmitter<EngineEvents['progress']>();
  readonly #broke = new vscode.EventEmitter<string>();
  #running: Running | undefined;
  /** What this Node starts with; empty once a process died with them. */
  #flags: Promise<readonly string[]> | undefined;

  /** @param file the engine's bundle */
  constructor(file: string, output: vscode.LogOutputChannel) {
    this.#file = file;
    this.#output = output;
  }

  readonly onProgress = this.#progress.event;

  /** Fires with a sentence when the process went away by itself, and all traces with it. */
  readonly onDidBreak = this.#broke.event;

  /** Whether there is a process, and so perhaps a trace to look at. */
  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Asks the engine, starting it where it does not run. Rejects where it fails or ends meanwhile. */
  readonly ask: Rpc<AskingSide, EngineSide>['ask'] = async (name, params) => {
    // The one gate: in Restricted Mode there is no engine, whoever asks.
    if (!isTrusted()) throw new Error(restrictedText);
    this.#flags ??= acceptedFlags();
    const flags = await this.#flags;
    this.#running ??= this.#start(flags);
    return this.#running.rpc.ask(name, params);
  };

  /** Ends the process, and with it all that waits for it; the next question starts another. */
  end(reason: string): void {
    const running = this.#running;
    this.#running = undefined;
    running?.rpc.close(reason);
    running?.child.kill('SIGKILL');
  }

  dispose(): void {
    this.end(vscode.l10n.t('TBlock was closed.'));
    this.#progress.dispose();
    this.#broke.dispose();
  }

  #start(flags: readonly string[]): Running {
    // Flags of the extension host (a debugger's port, say) are not for the engine; those of the kernels are.
    const { TBLOCK_INSPECT_ENGINE: port } = process.env;
    const execArgv = [...flags, ...(port === undefined ? [] : [`--inspect=${port}`])];
    const child = fork(this.#file, [], {
      ...{ serialization: 'advanced', execArgv, silent: true },
      env: { ...process.env, ...translation() },
    });
    const number = child.pid ?? 'without a number';
    this.#output.info(`The engine started (process ${number}) ${execArgv.join(' ')}`.trimEnd());
    const rpc = new Rpc<AskingSide, EngineSide>(lineTo(child), {
      requests: {},
      events: {
        progress: (event) => this.#progress.fire(event),
        log: ({ message }) => this.#output.info(message),
      },
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#output.debug(text.trimEnd()));
    }
    const running = { child, rpc };
    child.on('error', (error) => this.#ended(running, error.message));
    child.on('exit', (code, signal) =>
      this.#ended(
        running,
        signal === null
          ? vscode.l10n.t('code {0}', code ?? '?')
          : vscode.l10n.t('signal {0}', signal),
      ),
    );
    return running;
  }

  /** The process went away by itself. */
  #ended(running: Running, how: string): void {
    if (this.#running !== running) return;
    this.#running = undefined;
    // Whatever it died of, experimental flags are not what the next one should die of.
    this.#flags = Promise.resolve([]);
    const message = vscode.l10n.t(
      'The TBlock engine ended unexpectedly ({0}). It starts again with the next run.',
      how,
    );
    this.#output.error(message);
    running.rpc.close(message);
    this.#broke.fire(message);
  }
}

function lineTo(child: ChildProcess): Transport {
  return {
    post: (message) =>
      new Promise<void>((done, fail) => {
        child.send(message as object, (error) => (error === null ? done() : fail(error)));
      }),
    listen: (handler) => {
      child.on('message', handler);
    },
  };
}
