/** What a run says about itself: progress with Cancel while it lasts, and a message where it failed. */
import * as vscode from 'vscode';
import type { Feature, Parts } from './feature.ts';
import type { RunState } from './runs.ts';
import { tellRestricted } from './trust.ts';

/** A run that is over sooner shows no progress. */
const patience = 400;

export const runNotifications: Feature = (parts) => {
  let timer: NodeJS.Timeout | undefined;
  let isRunning = false;
  const listener = parts.runs.onDidChange((state) => {
    // A crash between runs and Restricted Mode are told without a run before them.
    const isUnprepared = !isRunning && (state.kind === 'failed' || state.kind === 'restricted');
    if (isUnprepared) showFailure(state);
    if ((state.kind === 'running') === isRunning) return;
    isRunning = state.kind === 'running';
    void vscode.commands.executeCommand('setContext', 'tblock.running', isRunning);
    clearTimeout(timer);
    if (state.kind !== 'idle' && state.isLive === true) return;
    if (isRunning) timer = setTimeout(() => showProgress(parts), patience);
    else showFailure(state);
  });
  return [listener, { dispose: () => clearTimeout(timer) }];
};

function showProgress({ runs }: Parts): void {
  const { state } = runs;
  if (state.kind !== 'running') return;
  const title =
    state.target === undefined
      ? vscode.l10n.t('TBlock runs')
      : vscode.l10n.t('TBlock runs {0}', state.target);
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  void vscode.window.withProgress(options, (progress, cancellation) => {
    let shown = 0;
    const report = (now: RunState): void => {
      if (now.kind !== 'running' || now.total === 0) return;
      const percent = (100 * now.done) / now.total;
      progress.report({ message: now.label, increment: percent - shown });
      shown = percent;
    };
    report(state);
    return new Promise<void>((done) => {
      const cancelled = cancellation.onCancellationRequested(() => void runs.stop());
      const listener = runs.onDidChange((now) => {
        report(now);
        if (now.kind === 'running') return;
        listener.dispose();
        cancelled.dispose();
        done();
      });
    });
  });
}

function showFailure(state: RunState): void {
  if (state.kind === 'restricted') {
    tellRestricted();
  } else if (state.kind === 'rejected') {
    const [first, ...others] = state.problems;
    const what = state.target ?? vscode.l10n.t('This file');
    const why = first === undefined ? '' : `${first.code} ${first.message}`;
    const message =
      others.length === 0
        ? vscode.l10n.t('{0} cannot run: {1}', what, why)
        : vscode.l10n.t('{0} cannot run: {1} (and {2} more)', what, why, others.length);
    offer(message, vscode.l10n.t('Show Problems'), 'workbench.actions.view.problems');
  } else if (state.kind === 'failed') {
    offer(state.message, vscode.l10n.t('Show Output'), 'tblock.showOutput');
  }
}

function offer(message: string, button: string, command: string): void {
  void vscode.window.showErrorMessage(message, button).then((chosen) => {
    if (chosen === button) return vscode.commands.executeCommand(command);
    return undefined;
  });
}
