/** Restricted Mode in a window that asks for trust, and paths out of the workspace. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Workbench, WorkbenchHost } from '../vscode/workbench.ts';
import { examples, picture } from './places.ts';

const blocks = 'block Own(x: [4]) -> [4] { return x + x }\n';
const program = `import { Own } from "./blocks.tblock"

block Twice(x: [4]) -> [4] {
  return Own(Own(x))
}

run demo for Twice {
  x = "x.npy"
}
`;

let host: WorkbenchHost;
let workbench: Workbench;
beforeAll(async () => {
  host = await WorkbenchHost.start({
    restricted: true,
    settings: { 'security.workspace.trust.startupPrompt': 'never' },
  });
  workbench = await host.open(examples);
  writeFileSync(join(workbench.folder, 'blocks.tblock'), blocks);
  writeFileSync(join(workbench.folder, 'program.tblock'), program.replace(/ {2}x = .*\n/, ''));
  writeFileSync(join(dirname(workbench.folder), 'beyond.tblock'), blocks);
  writeFileSync(
    join(workbench.folder, 'outwards.tblock'),
    program.replace('./blocks', '../beyond').replace(/ {2}x = .*\n/, ''),
  );
});
afterAll(async () => {
  await workbench?.close();
  await host?.close();
});

it('in Restricted Mode a file is checked, nothing runs, and one message says why', async () => {
  await workbench.openFile('program.tblock');

  await workbench.waitForSquiggles('info', 1);
  await workbench.waitForSquiggles('error', 0);
  expect(await workbench.hover(1, 25, 'Restricted Mode')).toContain('./blocks.tblock is not read');
  await workbench.screenshot(picture('restricted-hover'));

  await workbench.runCommand('TBlock: Run');
  expect(await workbench.notification('Nothing runs in Restricted Mode')).toContain(
    'Manage Workspace Trust',
  );
  expect(await workbench.statusBarItem('TBlock: restricted')).not.toBe('');
  await workbench.screenshot(picture('restricted'));
});

it('a mistake in the text is found in Restricted Mode', async () => {
  await workbench.openFile('shape-errors.tblock');

  expect(await workbench.problems('d_ff')).not.toEqual([]);
  await workbench.focusEditor();
});

it('when the folder is trusted everything wakes up, without a reload', async () => {
  await workbench.openFile('program.tblock');
  await workbench.runCommand('Workspaces: Manage Workspace Trust');
  await workbench.page.getByRole('button', { name: 'Trust', exact: true }).first().click();
  await workbench.openFile('program.tblock');

  await workbench.runCommand('TBlock: Run');

  expect(await workbench.statusBarItem('· demo')).toMatch(/demo .* ms/);
  await workbench.screenshot(picture('trusted'));
});

it('a path out of the workspace is asked about once, and followed when it is allowed', async () => {
  await workbench.openFile('outwards.tblock');
  await workbench.waitForSquiggles('error', 1);
  const question = await workbench.notification('May TBlock read files in');
  expect(question).toContain('outwards.tblock names a file there, outside of this workspace');
  await workbench.screenshot(picture('outside'));

  await workbench.page
    .locator('.notification-toast')
    .getByRole('button', { name: 'Allow', exact: true })
    .click();

  await workbench.waitForSquiggles('error', 0);
  await workbench.runCommand('TBlock: Run');
  await workbench.statusBarItem('· demo');
});
