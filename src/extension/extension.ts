/** Activation: the parts are made once, and every feature gets its line. */
import './translation.ts';

import * as vscode from 'vscode';
import { allowFolder } from './allow-folder.ts';
import { deviceLimits } from './device-limits.ts';
import { Engine } from './engine.ts';
import type { Feature, Parts } from './feature.ts';
import { FileAccess } from './file-access.ts';
import { firstSteps } from './first-steps.ts';
import { followCursor } from './follow-cursor.ts';
import { importModel } from './import-model.ts';
import { Inspector } from './inspector.ts';
import { inspectorCommands } from './inspector-commands.ts';
import { LanguageServer } from './language-server.ts';
import { liveMode } from './live-mode.ts';
import { newFile } from './new-file.ts';
import { peekTensor } from './peek-tensor.ts';
import { runCommands } from './run-commands.ts';
import { runNotifications } from './run-notifications.ts';
import { runProblems } from './run-problems.ts';
import { Runs } from './runs.ts';
import { selectBackend } from './select-backend.ts';
import { standardLibrary } from './standard-library.ts';
import { statusBar } from './status-bar.ts';
import { tensorsView } from './tensors-view.ts';
import { testExplorer } from './test-explorer.ts';
import { valueHover } from './value-hover.ts';
import { valueLines } from './value-lines.ts';

const features: readonly Feature[] = [
  standardLibrary,
  firstSteps,
  newFile,
  runCommands,
  runNotifications,
  runProblems,
  inspectorCommands,
  selectBackend,
  statusBar,
  valueHover,
  valueLines,
  followCursor,
  testExplorer,
  importModel,
  tensorsView,
  peekTensor,
  liveMode,
  allowFolder,
  deviceLimits,
];

/** Called by VS Code when a `.tblock` file is opened, a command is called, or an inspector comes back. */
export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel('TBlock', { log: true });
  const engine = new Engine(context.asAbsolutePath('dist/engine.cjs'), output);
  const access = new FileAccess(context);
  const language = new LanguageServer(context, access, output);
  const virtualTexts = (program: string) => language.virtualTexts(vscode.Uri.parse(program));
  const runs = new Runs({ engine, access, output, virtualTexts });
  const inspector = new Inspector(context, engine, runs, output);
  const { extension } = context;
  const parts: Parts = { extension, output, engine, access, runs, inspector, language };
  context.subscriptions.push(
    output,
    engine,
    access,
    runs,
    inspector,
    language,
    ...features.flatMap((feature) => feature(parts)),
  );
}
