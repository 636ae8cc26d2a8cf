/** TBlock: Run, Run… and Stop. */
import * as vscode from 'vscode';
import type { LensCommands, TargetItem } from '../language/index.ts';
import { programOrAdvice } from './advice.ts';
import { addressOf } from './documents.ts';
import type { Feature, Parts } from './feature.ts';
import type { FinishedRun } from './runs.ts';

export const runCommands: Feature = (parts) => {
  const { runs, output, language, inspector } = parts;
  return [
    vscode.commands.registerCommand(
      'tblock.run',
      async (
        ...args: LensCommands['tblock.run'] | readonly [uri?: vscode.Uri]
      ): Promise<FinishedRun | undefined> => {
        const [uri, name] = args;
        if (typeof uri === 'string' && typeof name === 'string') {
          return runs.run(addressOf(vscode.Uri.parse(uri)), name);
        }
        if (uri instanceof vscode.Uri) await vscode.window.showTextDocument(uri);
        return runAtCursor(parts);
      },
    ),
    vscode.commands.registerCommand('tblock.pickRun', async () => {
      const editor = programOrAdvice();
      if (editor === undefined) return undefined;
      const { uri } = editor.document;
      const targets = await language.ask('tblock/targets', { uri: uri.toString() });
      const name = await pick(targets);
      return name === undefined ? undefined : runs.run(addressOf(uri), name);
    }),
    vscode.commands.registerCommand('tblock.generate', async (count?: number) => {
      const editor = programOrAdvice();
      if (editor === undefined) return undefined;
      const wanted = count ?? (await askCount());
      if (wanted === undefined) return undefined;
      const { uri } = editor.document;
      const targets = await language.ask('tblock/targets', { uri: uri.toString() });
      const target = targetAt(targets, editor.selection.active.line);
      inspector.open(addressOf(uri));
      return runs.run(addressOf(uri), target?.name, { generate: wanted });
    }),
    vscode.commands.registerCommand('tblock.stop', () => runs.stop()),
    vscode.commands.registerCommand('tblock.showOutput', () => output.show(true)),
  ];
};

async function runAtCursor({ runs, language }: Parts): Promise<FinishedRun | undefined> {
  const { state } = runs;
  // Where the inspector has led into the standard library, the program is the one that is inspected.
  const isLibrary = vscode.window.activeTextEditor?.document.uri.scheme === 'tblock';
  if (isLibrary && state.kind !== 'idle') {
    return runs.run(state.program, state.target);
  }
  const editor = programOrAdvice();
  if (editor === undefined) return undefined;
  const { uri } = editor.document;
  const targets = await language.ask('tblock/targets', { uri: uri.toString() });
  const target = targetAt(targets, editor.selection.active.line);
  return runs.run(addressOf(uri), target?.name);
}

/** The run at or above the cursor; else the first run, and in a file without runs the engine's choice. */
function targetAt(targets: readonly TargetItem[], line: number): TargetItem | undefined {
  const declared = targets.filter(({ kind }) => kind === 'run');
  return declared.findLast((target) => target.line <= line) ?? declared[0];
}

/** How many tokens to generate; undefined where the user thought better of it. */
async function askCount(): Promise<number | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('TBlock: Generate'),
    prompt: vscode.l10n.t('How many tokens the model adds to the input of the run at the cursor'),
    value: '20',
    validateInput: (value) =>
      /^[1-9]\d{0,5}$/.test(value) ? undefined : vscode.l10n.t('A whole number, 1 or more.'),
  });
  return text === undefined ? undefined : Number(text);
}

async function pick(targets: readonly TargetItem[]): Promise<string | undefined> {
  const items = targets.map(({ kind, name, line }) => ({
    label: name,
    description: vscode.l10n.t('{0}, line {1}', kind, line + 1),
    iconPath: new vscode.ThemeIcon(icons[kind]),
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('TBlock: Run…'),
    placeHolder:
      items.length === 0
        ? vscode.l10n.t('This file has nothing to run yet.')
        : vscode.l10n.t('What to run'),
    matchOnDescription: true,
  });
  return chosen?.label;
}

const icons = { run: 'play', model: 'symbol-class', block: 'symbol-function' } as const;
