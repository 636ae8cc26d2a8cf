/** The status bar item: the backend, and how the last run went. */
import * as vscode from 'vscode';
import { durationText } from '../views/index.ts';
import { currentProgram } from './documents.ts';
import type { Feature } from './feature.ts';
import type { DoneRun, RunState } from './runs.ts';
import { onSettingChanged, setting } from './settings.ts';
import { isTrusted, restrictedText } from './trust.ts';

export const statusBar: Feature = ({ runs }) => {
  const item = vscode.window.createStatusBarItem('tblock', vscode.StatusBarAlignment.Right, 100);
  item.name = 'TBlock';
  const update = (): void => {
    const { text, tooltip, isBad } = face(runs.state, runs.last);
    item.text = text;
    item.command = isTrusted() ? 'tblock.selectBackend' : 'workbench.trust.manage';
    const way = isTrusted()
      ? vscode.l10n.t('Click to select the backend.')
      : vscode.l10n.t('Click to manage the trust.');
    item.tooltip = new vscode.MarkdownString(`${tooltip}\n\n${way}`);
    item.backgroundColor = isBad
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
    if (runs.state.kind !== 'idle' || currentProgram() !== undefined) item.show();
    else item.hide();
  };
  update();
  return [
    item,
    runs.onDidChange(update),
    onSettingChanged('engine.backend', update),
    vscode.window.onDidChangeVisibleTextEditors(update),
    vscode.window.onDidChangeActiveTextEditor(update),
  ];
};

const restrictedFace = {
  text: `$(shield) TBlock: ${vscode.l10n.t('restricted')}`,
  tooltip: restrictedText,
  isBad: false,
};

interface Face {
  readonly text: string;
  readonly tooltip: string;
  readonly isBad: boolean;
}

function face(state: RunState, last: DoneRun | undefined): Face {
  const choice = setting('engine.backend');
  const backend = last?.summary.backend.name ?? choice;
  switch (state.kind) {
    case 'restricted':
      return restrictedFace;
    case 'idle':
      if (!isTrusted()) return restrictedFace;
      return calm(
        `$(circuit-board) TBlock: ${choice}`,
        vscode.l10n.t('Backend: {0}. Nothing has run yet.', choice),
      );
    case 'running': {
      const percent = state.total === 0 ? '' : ` ${Math.round((100 * state.done) / state.total)}%`;
      const what = state.target ?? vscode.l10n.t('The run');
      return calm(
        `$(sync~spin) ${what}${percent}`,
        vscode.l10n.t('{0} is running. {1}', what, state.label),
      );
    }
    case 'done':
      return faceOfDone(state, choice);
    case 'stopped':
      return calm(
        `$(circle-slash) ${backend} · ${vscode.l10n.t('stopped')}`,
        vscode.l10n.t('The last run was stopped.'),
      );
    case 'rejected':
      return {
        text: `$(error) ${backend} · ${vscode.l10n.t('cannot run')}`,
        tooltip: state.problems.map(({ code, message }) => `${code} ${message}`).join('\n\n'),
        isBad: true,
      };
    case 'failed':
      return {
        text: `$(error) ${backend} · ${vscode.l10n.t('failed')}`,
        tooltip: state.message,
        isBad: true,
      };
  }
}

function faceOfDone({ summary }: DoneRun, choice: string): Face {
  const { run, backend, milliseconds, expectations } = summary;
  const time = durationText(milliseconds);
  const failed = expectations.filter(({ passed }) => !passed).length;
  const verdict =
    failed === 0
      ? ''
      : ` · ${vscode.l10n.t('{0} of {1} expectations failed', failed, expectations.length)}`;
  return {
    text: `$(${failed === 0 ? 'check' : 'warning'}) ${backend.name} · ${run} ${time}${verdict}`,
    tooltip: [
      vscode.l10n.t('**{0}** took {1} on {2}.', run, time, backend.description),
      backend.reason,
      vscode.l10n.t('Selected backend: {0}.', choice),
    ].join('\n\n'),
    isBad: failed > 0,
  };
}

function calm(text: string, tooltip: string): Face {
  return { text, tooltip, isBad: false };
}
