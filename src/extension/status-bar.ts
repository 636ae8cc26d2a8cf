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
    const way = isTrusted() ? 'Click to select the backend.' : 'Click to manage the trust.';
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
  text: '$(shield) TBlock: restricted',
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
      return calm(`$(circuit-board) TBlock: ${choice}`, `Backend: ${choice}. Nothing has run yet.`);
    case 'running': {
      const percent = state.total === 0 ? '' : ` ${Math.round((100 * state.done) / state.total)}%`;
      const what = state.target ?? 'running';
      return calm(`$(sync~spin) ${what}${percent}`, `${what} is running. ${state.label}`);
    }
    case 'done':
      return faceOfDone(state, choice);
    case 'stopped':
      return calm(`$(circle-slash) ${backend} · stopped`, 'The last run was stopped.');
    case 'rejected':
      return {
        text: `$(error) ${backend} · cannot run`,
        tooltip: state.problems.map(({ code, message }) => `${code} ${message}`).join('\n\n'),
        isBad: true,
      };
    case 'failed':
      return { text: `$(error) ${backend} · failed`, tooltip: state.message, isBad: true };
  }
}

function faceOfDone({ summary }: DoneRun, choice: string): Face {
  const { run, backend, milliseconds, expectations } = summary;
  const time = durationText(milliseconds);
  const failed = expectations.filter(({ passed }) => !passed).length;
  const verdict = failed === 0 ? '' : ` · ${failed} of ${expectations.length} expectations failed`;
  return {
    text: `$(${failed === 0 ? 'check' : 'warning'}) ${backend.name} · ${run} ${time}${verdict}`,
    tooltip: `**${run}** took ${time} on ${backend.description}.\n\n${backend.reason}\n\nSelected backend: ${choice}.`,
    isBad: failed > 0,
  };
}

function calm(text: string, tooltip: string): Face {
  return { text, tooltip, isBad: false };
}
