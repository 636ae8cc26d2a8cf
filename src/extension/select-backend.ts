/** TBlock: Select Backend. */
import * as vscode from 'vscode';
import type { BackendChoice } from '../views/index.ts';
import type { Feature } from './feature.ts';
import { changeSetting, setting } from './settings.ts';

const backends: readonly { readonly choice: BackendChoice; readonly detail: string }[] = [
  { choice: 'auto', detail: vscode.l10n.t('The GPU where there is one, else the CPU') },
  { choice: 'gpu', detail: vscode.l10n.t('gpu.js over WebGPU') },
  { choice: 'cpu', detail: vscode.l10n.t('The processor, also where there is a GPU') },
];

export const selectBackend: Feature = () => [
  vscode.commands.registerCommand('tblock.selectBackend', async () => {
    const now = setting('engine.backend');
    const items = backends.map(({ choice, detail }) => ({
      label: choice,
      detail,
      description: choice === now ? vscode.l10n.t('selected') : '',
    }));
    const chosen = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('TBlock: Select Backend'),
      placeHolder: vscode.l10n.t('What the next run computes on'),
    });
    const choice = backends.find((backend) => backend.choice === chosen?.label)?.choice;
    if (choice !== undefined) await changeSetting('engine.backend', choice);
  }),
];
