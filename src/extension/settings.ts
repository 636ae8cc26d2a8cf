/** The settings of package.json, with their types. */
import * as vscode from 'vscode';
import type { BackendChoice } from '../views/index.ts';

interface Settings {
  'engine.backend': BackendChoice;
  'engine.memoryBudget': number;
  'inspector.followCursor': boolean;
  'hover.values': boolean;
  'inlayHints.shapes': boolean;
  'inlayHints.dims': boolean;
  'inlayHints.values': boolean;
  codeLens: boolean;
  live: boolean;
  codeLensCost: boolean;
}

/** Its value now; package.json has the default of each. */
export function setting<Name extends keyof Settings>(name: Name): Settings[Name] {
  const value = vscode.workspace.getConfiguration('tblock').get<Settings[Name]>(name);
  if (value === undefined) throw new Error(`package.json declares no default for tblock.${name}.`);
  return value;
}

/** Where a value is already set in the workspace it changes there, else for the user. */
export async function changeSetting<Name extends keyof Settings>(
  name: Name,
  value: Settings[Name],
): Promise<void> {
  const settings = vscode.workspace.getConfiguration('tblock');
  const isLocal = settings.inspect(name)?.workspaceValue !== undefined;
  const { Workspace, Global } = vscode.ConfigurationTarget;
  await settings.update(name, value, isLocal ? Workspace : Global);
}

export function onSettingChanged(name: keyof Settings, listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration(`tblock.${name}`)) listener();
  });
}

/** For a run's request: the setting is in GiB, and 0 leaves it to the engine. */
export function memoryBudget(): { readonly memoryBudget?: number } {
  const gibibytes = setting('engine.memoryBudget');
  return gibibytes > 0 ? { memoryBudget: gibibytes * 2 ** 30 } : {};
}
