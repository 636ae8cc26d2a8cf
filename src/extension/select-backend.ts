/** TBlock: Select Backend. */
import * as vscode from 'vscode';
import type { BackendChoice } from '../views/index.ts';
import type { Feature } from './feature.ts';
import { changeSetting, setting } from './settings.ts';

const backends: readonly { readonly choice: BackendChoice; readonly detail: string }[] = [
  { choice: 'auto', detail: 'The GPU where there is one, else the CPU' },
  { choice: 'gpu', detail: 'gpu.js over WebGPU' },
  { choice: 'cpu', detail: 'The processor, also where there is a GPU' },
];

export const selectBackend: Feature = () => [
  vscode.commands.registerCommand('tblock.selectBackend', async () => {
    const now = setting('engine.backend');
    const items = backends.map(({ choice, detail }) => ({
      label: choice,
      detail,
      description: choice === now ? 'selected' : '',
    }));
    const chosen = await vscode.window.showQuickPick(items, {
      title: 'TBlock: Select Backend',
      placeHolder: 'What the next run computes on',
    });
    const choice = backends.find((backend) => backend.choice === chosen?.label)?.choice;
    if (choice !== undefined) await changeSetting('engine.backend', choice);
  }),
];
