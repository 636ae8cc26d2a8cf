/** What happens when the language server ends by itself: it is started again, unless it dies of what it is given. */
import * as vscode from 'vscode';
import {
  CloseAction,
  type CloseHandlerResult,
  ErrorAction,
  type ErrorHandler,
  type ErrorHandlerResult,
} from 'vscode-languageclient/node.js';
import { languageId } from './documents.ts';

/** Ends in a row, without an answer for every open program between them, after which it is left alone. */
const most = 5;
/** Milliseconds before the first start after an end; the client has to learn of the end first. Doubled with each. */
const firstPause = 50;

export class Restarts implements ErrorHandler, vscode.Disposable {
  readonly #output: vscode.LogOutputChannel;
  readonly #start: () => void;
  readonly #answered = new Set<string>();
  #ends = 0;
  #isWaiting = false;
  #isDisposed = false;

  /** @param start starts the server that was left alone, when the user asks for it */
  constructor(output: vscode.LogOutputChannel, start: () => void) {
    this.#output = output;
    this.#start = start;
  }

  /** Whether a server has ended and the next one has not been started. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /** The server said what it thinks of a program; once it has done so of all it is in good health. */
  answered(uri: vscode.Uri): void {
    this.#answered.add(uri.toString());
    const open = vscode.workspace.textDocuments.filter(
      (document) => document.languageId === languageId && document.uri.scheme !== languageId,
    );
    if (open.every((document) => this.#answered.has(document.uri.toString()))) this.#ends = 0;
  }

  /** The user wants it started, whatever happened. */
  forget(): void {
    this.#ends = 0;
  }

  /** A message that could not be read or written is logged by the client; the line tells whether it is still there. */
  error(): ErrorHandlerResult {
    return { action: ErrorAction.Continue, handled: true };
  }

  async closed(): Promise<CloseHandlerResult> {
    if (this.#isDisposed) return { action: CloseAction.DoNotRestart, handled: true };
    this.#isWaiting = true;
    this.#answered.clear();
    this.#ends += 1;
    if (this.#ends > most) {
      this.#isWaiting = false;
      this.#tellStopped();
      return { action: CloseAction.DoNotRestart, message: stoppedText, handled: true };
    }
    await new Promise((done) => setTimeout(done, firstPause * 2 ** (this.#ends - 1)));
    this.#isWaiting = false;
    vscode.window.setStatusBarMessage(`$(warning) ${restartedText}`, 8000);
    return { action: CloseAction.Restart, message: restartedText, handled: true };
  }

  dispose(): void {
    this.#isDisposed = true;
  }

  #tellStopped(): void {
    const [restart, show] = [vscode.l10n.t('Restart'), vscode.l10n.t('Show Output')];
    void vscode.window.showErrorMessage(stoppedText, restart, show).then((chosen) => {
      if (chosen === show) this.#output.show(true);
      if (chosen !== restart) return;
      this.forget();
      this.#start();
    });
  }
}

const restartedText = vscode.l10n.t(
  'The TBlock language server ended unexpectedly, and was started again.',
);
const stoppedText = vscode.l10n.t(
  'The TBlock language server ended {0} times in a row, and is not started again by itself. Files can be edited and saved as before; checking and completion rest until then.',
  most + 1,
);
