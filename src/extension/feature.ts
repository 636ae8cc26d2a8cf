/** What every feature of the extension is made from. */
import type * as vscode from 'vscode';
import type { Engine } from './engine.ts';
import type { FileAccess } from './file-access.ts';
import type { Inspector } from './inspector.ts';
import type { LanguageServer } from './language-server.ts';
import type { Runs } from './runs.ts';

export interface Parts {
  readonly extension: vscode.Extension<unknown>;
  readonly output: vscode.LogOutputChannel;
  readonly engine: Engine;
  readonly access: FileAccess;
  readonly runs: Runs;
  readonly inspector: Inspector;
  readonly language: LanguageServer;
}

/** Registers itself with VS Code; what it returns is disposed of with the extension. */
export type Feature = (parts: Parts) => readonly vscode.Disposable[];
