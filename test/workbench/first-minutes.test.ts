import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Workbench, WorkbenchHost } from '../vscode/workbench.ts';
import { walkthroughPicture } from './places.ts';

const checkpoint = fileURLToPath(new URL('../reference/hf/gpt2', import.meta.url));

/** The pictures are in the colours of both themes; what they show is tested in one. */
const themes =
  process.env['TBLOCK_PICTURES'] === '1' ? (['light', 'dark'] as const) : (['light'] as const);

describe.each(themes)('the first minutes, in a %s theme', (theme) => {
  let host: WorkbenchHost;
  let workbench: Workbench;
  let folder: string;

  beforeAll(async () => {
    folder = join(mkdtempSync(join(tmpdir(), 'tblock-first-')), 'work');
    mkdirSync(folder);
    cpSync(checkpoint, join(folder, 'checkpoint'), { recursive: true });
    writeFileSync(join(folder, 'empty.tblock'), '');
    host = await WorkbenchHost.start({
      settings: {
        'workbench.colorTheme': theme === 'light' ? 'Default Light Modern' : 'Default Dark Modern',
      },
    });
  });
  afterAll(async () => {
    await host?.close();
    rmSync(join(folder, '..'), { recursive: true, force: true });
  });
  beforeEach(async () => {
    workbench = await host.open(folder, { size: { width: 1000, height: 700 } });
    // The extension is there, and has started, once an empty file says how to begin.
    await workbench.openFile('empty.tblock');
    await workbench.editor.getByText('Start from a template…').waitFor();
  });
  afterEach(() => workbench?.close());

  const photograph = (name: string) => workbench.screenshot(walkthroughPicture(name, theme));

  it('the walkthrough leads from an example to what is inside it', async () => {
    const { page } = workbench;
    await workbench.runCommand('TBlock: Get Started');
    await page.getByRole('button', { name: 'Open an Example', exact: true }).click();
    await workbench.editor.getByText('model').first().waitFor();
    await workbench.runCommand('View: Close Primary Side Bar');
    await workbench.editor.locator('.codelens-decoration').first().waitFor();
    await photograph('example');

    await workbench.focusEditor();
    await page.keyboard.press('Control+F5');
    await workbench.statusBarItem('· demo');
    await workbench.goTo(16, 1);
    await photograph('run');

    await page.keyboard.press('Control+K');
    await page.keyboard.press('v');
    const inspector = await workbench.webview('.inspector');
    await inspector.getByRole('tab', { name: 'Attention' }).click();
    await inspector.locator('canvas').first().waitFor();
    await page.waitForTimeout(500);
    await photograph('inspect');
  });

  it('a broken shape is told with both shapes, and mended by the light bulb', async () => {
    const { page } = workbench;
    await workbench.runCommand('View: Close Primary Side Bar');
    await workbench.runCommand('TBlock: Open Example…');
    await workbench.choose('Shape errors');
    await workbench.editor.locator('.squiggly-error').first().waitFor();
    await workbench.hover(16, 15, 'do not agree');
    await photograph('shape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+.');
    await page.locator('.action-widget').getByText('Transpose key').waitFor();
  });

  it('a template runs before it is saved, and its values stay in sight when it is', async () => {
    await workbench.runCommand('TBlock: New File…');
    await workbench.choose('Mixture of experts');
    await workbench.editor.getByText('MixtureOfExperts').first().waitFor();
    await workbench.runCommand('TBlock: Run');
    expect(await workbench.statusBarItem('· demo')).toContain('demo');
    await expect.poll(() => workbench.lineValues()).not.toEqual([]);
    const [fresh] = await workbench.lineValues();

    await workbench.save();

    await workbench.runCommand('TBlock: Open Inspector');
    const inspector = await workbench.webview('.inspector');
    await expect.poll(() => inspector.getByText('The text has changed').count()).toBe(0);
    await workbench.focusEditor();
    await expect.poll(() => workbench.lineValues()).toContainEqual(fresh);
  });

  it('a folder of a checkpoint is imported where it lies', async () => {
    const { page } = workbench;
    const row = page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'checkpoint' });
    await workbench.chooseFromMenu(row, 'Import Hugging Face Model…');
    await workbench.editor.getByText('imported from config.json').first().waitFor();
    await photograph('import');
  });

  it('an empty file says how to begin, and offers the templates', async () => {
    await workbench.runCommand('TBlock: Open Inspector');
    const notice = await workbench.webview('.notice');
    await notice.getByText('Nothing to inspect yet').waitFor();
    await workbench.openFile('empty.tblock');
    await workbench.clickCodeLens('Start from a template…');
    await workbench.choose('Pre-norm block');
    await workbench.editor.getByText('model').first().waitFor();
  });
});
