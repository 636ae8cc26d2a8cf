/** A window on a virtual file system: nothing but VS Code can read its files. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Workbench, WorkbenchHost } from '../vscode/workbench.ts';
import { picture } from './places.ts';

const mirror = fileURLToPath(new URL('../../dist/test/mirror', import.meta.url));

const files = {
  'blocks.tblock': 'block Twice(x: [4]) -> [4] { return x + x }\n',
  'program.tblock': `import { Twice } from "./blocks.tblock"

block Four(x: [4]) -> [4] {
  return Twice(Twice(x))
}

run demo for Four {
}
`,
  'array.tblock': `block Same(x: [4]) -> [4] { return x }

run demo for Same {
  x = "x.npy"
}
`,
};

let host: WorkbenchHost;
let workbench: Workbench;
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tblock-virtual-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  host = await WorkbenchHost.start({ others: [mirror] });
  workbench = await host.open(folder, { scheme: 'mirror' });
  // The window has a copy.
  rmSync(folder, { recursive: true });
});
afterAll(async () => {
  await workbench?.close();
  await host?.close();
});

it('a program is checked and run with what it imports', async () => {
  await openFromExplorer('program.tblock');
  await workbench.waitForSquiggles('error', 0);
  expect(await workbench.hover(4, 11, 'Twice')).toContain('[4]');

  await workbench.runCommand('TBlock: Run');

  expect(await workbench.statusBarItem('· demo')).toMatch(/demo .* ms/);
  await workbench.screenshot(picture('virtual'));
});

it('what is changed in a file that it imports counts, before it is saved and when it is closed', async () => {
  await openFromExplorer('blocks.tblock');
  await workbench.replaceText('block Twice(x: [5]) -> [5] { return x + x }\n');
  await openFromExplorer('program.tblock');
  await workbench.waitForSquiggles('error', 1);

  await openFromExplorer('blocks.tblock');
  await workbench.replaceText(files['blocks.tblock']);
  await workbench.save();
  await workbench.runCommand('View: Close Editor');
  await openFromExplorer('program.tblock');
  await workbench.waitForSquiggles('error', 0);
});

it('numbers are read from disks only, and the message says so', async () => {
  await openFromExplorer('array.tblock');

  await workbench.runCommand('TBlock: Run');

  expect(await workbench.problems('disks only')).not.toEqual([]);
  await workbench.screenshot(picture('virtual-array'));
});

/** Quick Open looks for files on disks only. */
async function openFromExplorer(name: string): Promise<void> {
  const { page } = workbench;
  await page.locator('.explorer-folders-view').getByText(name, { exact: true }).dblclick();
  await page.locator('.tab.active').getByText(name, { exact: true }).waitFor();
  await workbench.focusEditor();
}
