/** What the editor's side and the language server agree on beyond LSP. Types only, so nothing of the server travels. */

import type { Range } from 'vscode-languageserver/node.js';
import type { Devices } from '../analysis/index.ts';
import type { ReadingScope } from '../files/index.ts';

export type { ReadingScope };

/** Commands that code lenses call in the editor, with their arguments. */
export interface LensCommands {
  /** Runs a run, model or block of a file. */
  'tblock.run': readonly [uri: string, name: string];
  /** Shows it in the inspector. */
  'tblock.inspect': readonly [uri: string, name: string];
}

/** Requests of the editor that LSP has none for. */
export interface LanguageRequests {
  /** What can be run in a file, in the order of the text. */
  'tblock/targets': { params: { readonly uri: string }; result: readonly TargetItem[] };
  /** Every run of a file with what it expects, in the order of the text; null where the file is not open here yet. */
  'tblock/checks': { params: { readonly uri: string }; result: readonly RunChecks[] | null };
  /** The text of a virtual document (`tblock:/prelude.tblock`); null where there is none. */
  'tblock/text': { params: { readonly uri: string }; result: string | null };
  /** The texts of the files of a virtual workspace that a program imports, by uri: a run has no other way to them. */
  'tblock/virtualTexts': {
    params: { readonly uri: string };
    result: Readonly<Record<string, string>>;
  };
}

/** Notifications of the editor. */
export interface LanguageEvents {
  /** Another scope: trust was given, a folder was opened or picked. Everything is checked anew. */
  'tblock/scope': ReadingScope;
  /** What the engine last reported of the devices on which it ran; the server itself starts none. */
  'tblock/devices': Devices;
}

/** What the language server tells and asks the editor. */
export interface EditorCalls {
  /** Files that a program names and that lie outside of the scope. */
  'tblock/outside': { readonly program: string; readonly files: readonly string[] };
  /** The text of a file that is on no disk of this machine; answered with null where there is none. */
  'tblock/readText': { readonly uri: string };
}

export interface TargetItem {
  readonly kind: 'run' | 'model' | 'block';
  readonly name: string;
  /** Of the name, from 0. */
  readonly line: number;
}

/** A run as a test, and its expectations as the test's checks. */
export interface RunChecks {
  readonly name: string;
  /** Of a family; none for a plain run. */
  readonly variables: readonly string[];
  /** Of the name. */
  readonly range: Range;
  readonly checks: readonly {
    /** `expect y ~ 0`, on one line. */
    readonly text: string;
    /** Offset in the file, which the engine's results name. */
    readonly start: number;
    readonly range: Range;
  }[];
}

/** Sent with `initialize`. */
export interface ServerOptions {
  /** Address of docs/diagnostics.md, to which the codes of diagnostics link. */
  readonly diagnosticsPage: string;
  /** Which hints stand between the text; shapes where absent. Followed in `workspace/didChangeConfiguration` too. */
  readonly inlayHints?: InlayHintSettings;
  /** Which files may be read; all where absent. */
  readonly scope?: ReadingScope;
  /** What the engine reported before the server was started. */
  readonly devices?: Devices;
}

export interface InlayHintSettings {
  readonly shapes?: boolean;
  readonly dims?: boolean;
}
