/** The Tensors view in the sidebar: what the last run made, by path; a click shows it in the inspector and in the text. */
import * as vscode from 'vscode';
import { axesText, type TensorEntry, type TensorTreeItem, tensorTree } from '../views/index.ts';
import type { Feature } from './feature.ts';
import type { Runs } from './runs.ts';

export const tensorsView: Feature = (parts) => {
  const { runs, inspector } = parts;
  const tree = new TensorTree(runs);
  const listener = runs.onDidChange((state) => {
    if (state.kind === 'done' && !state.stale) tree.refresh();
    void vscode.commands.executeCommand('setContext', 'tblock.hasRun', runs.last !== undefined);
  });
  return [
    tree,
    listener,
    vscode.window.registerTreeDataProvider('tblock.tensors', tree),
    vscode.commands.registerCommand('tblock.showTensor', async (tensor: TensorEntry) => {
      inspector.open(runs.last?.program);
      await inspector.show(tensor);
    }),
    vscode.commands.registerCommand('tblock.copyTensorPath', async (item: TensorTreeItem) => {
      const path = item.kind === 'tensor' ? item.tensor.path : item.path;
      await vscode.env.clipboard.writeText(path);
    }),
  ];
};

class TensorTree implements vscode.TreeDataProvider<TensorTreeItem>, vscode.Disposable {
  readonly #runs: Runs;
  readonly #changed = new vscode.EventEmitter<undefined>();

  constructor(runs: Runs) {
    this.#runs = runs;
  }

  readonly onDidChangeTreeData = this.#changed.event;

  refresh(): void {
    this.#changed.fire(undefined);
  }

  getChildren(item: TensorTreeItem | undefined): readonly TensorTreeItem[] & TensorTreeItem[] {
    if (item?.kind === 'tensor') return [];
    return [...(item?.items ?? tensorTree(this.#runs.last?.summary.tensors ?? []))];
  }

  getTreeItem(item: TensorTreeItem): vscode.TreeItem {
    if (item.kind === 'group') {
      const group = new vscode.TreeItem(item.name, vscode.TreeItemCollapsibleState.Collapsed);
      group.id = `group ${item.path}`;
      group.iconPath = new vscode.ThemeIcon('symbol-namespace');
      group.contextValue = 'group';
      return group;
    }
    const { tensor, name } = item;
    const leaf = new vscode.TreeItem(name);
    leaf.id = `tensor ${tensor.path}`;
    leaf.description = axesText(tensor.axes);
    leaf.tooltip = `${tensor.path} ${axesText(tensor.axes)} ${tensor.operator}`;
    leaf.iconPath = new vscode.ThemeIcon(icons[tensor.role]);
    leaf.contextValue = 'tensor';
    leaf.command = {
      command: 'tblock.showTensor',
      title: vscode.l10n.t('Show Tensor'),
      arguments: [tensor],
    };
    return leaf;
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

const icons: Readonly<Record<TensorEntry['role'], string>> = {
  input: 'symbol-parameter',
  parameter: 'symbol-constant',
  intermediate: 'symbol-array',
  output: 'symbol-event',
};
