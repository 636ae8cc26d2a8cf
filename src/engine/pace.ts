/** Keeps a run answerable: it lets the event loop turn, so that a stop is heard and progress is sent. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import { type RunControl, RunStopped } from './backend.ts';

/** How long a run may keep the event loop to itself, in milliseconds, as far as single kernels allow. */
const longestSilence = 10;

/** To be called between kernels. */
export interface Pace {
  /** Throws RunStopped where the user ended the run; resolves at once while the last pause is recent. */
  readonly step: () => Promise<void>;
}

/** @param onPause awaited at each pause, e.g. to let a device catch up */
export function startPace(control: RunControl, onPause: () => Promise<void>): Pace {
  let lastPause = performance.now();
  const throwIfStopped = () => {
    if (control.signal.aborted) throw new RunStopped(t`The run was stopped.`);
  };
  return {
    step: async () => {
      throwIfStopped();
      if (performance.now() - lastPause < longestSilence) return;
      await onPause();
      await nextTurn();
      lastPause = performance.now();
      throwIfStopped();
    },
  };
}
