/**
 * What the package costs whoever installs it: how long VS Code takes to activate it, as its extension host measures it
 * and *Developer: Show Running Extensions* shows it, when a first `.tblock` file is opened in a window that has settled.
 */

import { buildForPackages, makePackage } from '../../packaging/package.mjs';
import { megabytes } from '../../packaging/readme.mjs';
import { ownTarget } from '../../packaging/targets.mjs';
import { type Workbench, WorkbenchHost } from '../vscode/workbench.ts';
import { untilIdle } from './compare/idle.ts';
import { cacheFolder, examplesFolder } from './paths.ts';
import { median, table } from './table.ts';

const windows = 9;

export async function measure({
  quick,
  patience,
}: {
  readonly quick: boolean;
  /** Seconds to wait until nobody else computes. */
  readonly patience: number;
}): Promise<{ readonly title: string; readonly text: string }> {
  const target = ownTarget() ?? 'universal';
  const bundles = await buildForPackages(`${cacheFolder}package`);
  const { file, bytes } = await makePackage(target, { bundles, folder: `${cacheFolder}package` });
  const host = await WorkbenchHost.start({ package: file });
  const found: number[] = [];
  let busy = 0;
  try {
    for (let round = 0; round < (quick ? 2 : windows); round++) {
      const workbench = await host.open(examplesFolder);
      if (!(await untilIdle(patience * 1000))) busy += 1;
      found.push(await activationOf(workbench));
      await workbench.close();
    }
  } finally {
    await host.close();
  }
  const noisy = busy === 0 ? '' : ` The machine never became idle before ${busy} of them.`;
  return {
    title: 'The packaged extension',
    text: `The package ${target} has ${megabytes(bytes)} MB. Its activation, as the extension host measures it, in ${found.length} windows, each settled before a first \`.tblock\` file is opened; at most 100 ms are wanted.${noisy}

${table([
  {
    'activation, ms': 'median, smallest to largest',
    [target]: `${median(found)}, ${Math.min(...found)} to ${Math.max(...found)}`,
  },
])}`,
  };
}

/** Milliseconds, of code that is loaded and called. */
async function activationOf(workbench: Workbench): Promise<number> {
  const { page } = workbench;
  await workbench.openFile('post-norm.tblock');
  await workbench.statusBarItem('TBlock: ');
  await workbench.runCommand('Developer: Show Running Extensions');
  const row = page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'TBlock' });
  const shown = await row.locator('.activation-time').first().innerText();
  const milliseconds = /(\d+)\s*ms/.exec(shown)?.[1];
  if (milliseconds === undefined) throw new Error(`VS Code says ‘${shown}’ of the activation.`);
  return Number(milliseconds);
}
