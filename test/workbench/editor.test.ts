import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Workbench, WorkbenchHost } from '../vscode/workbench.ts';
import { examples, picture, placeIn } from './places.ts';

describe('in the workbench', () => {
  let host: WorkbenchHost;
  let workbench: Workbench;

  beforeAll(async () => {
    host = await WorkbenchHost.start();
    workbench = await host.open(examples, { size: { width: 1280, height: 960 } });
  });
  afterAll(async () => {
    await workbench?.close();
    await host?.close();
  });
  afterEach(() => workbench.startOver(examples));

  it('a shape error that is typed gets its squiggle and its message', async () => {
    await workbench.openFile('post-norm.tblock');
    await workbench.replaceText(
      'dims { N = 3, d = 4, k = 5 }\n\nblock B(x: [N, d]) -> [N, d] {\n  param W: [k, d]\n  return x @ ',
    );
    await workbench.type('W\n}\n');

    await workbench.waitForSquiggles('error', 1);
    const hover = await workbench.hover(5, 14, 'TB');

    expect(hover).toContain('[N, d]');
    expect(hover).toContain('[k, d]');
    expect(await workbench.problems('TB')).toContainEqual(expect.stringContaining('[k, d]'));
  });

  it('the example of shape errors shows them all', async () => {
    await workbench.openFile('shape-errors.tblock');
    await workbench.waitForSquiggles('error', 5);
    await workbench.waitForSquiggles('warning', 1);

    await workbench.hover(...placeIn('shape-errors.tblock', '‸W               // d meets'), 'TB');
    await workbench.screenshot(picture('shape-error'));
  });

  it('a lens runs a block, and a hover then shows the values of a tensor', async () => {
    await workbench.openFile('post-norm.tblock');
    await workbench.clickCodeLens('▷ Run');
    const status = await workbench.statusBarItem('· PostNorm');
    expect(status).toMatch(/(gpu|cpu) · PostNorm .* ms/);

    const hover = await workbench.hover(...placeIn('post-norm.tblock', 't‸3 = LayerNorm'), 'mean');

    expect(hover).toContain('Last run');
    const image = workbench.page.locator('.monaco-hover:visible img');
    await expect.poll(() => image.first().evaluate((img) => img.clientWidth)).toBeGreaterThan(20);
    await workbench.screenshot(picture('hover'));
  });

  it('the palette runs what is picked', async () => {
    await workbench.openFile('pre-norm.tblock');
    await workbench.runCommand('TBlock: Run…');
    await workbench.choose('ablated');

    expect(await workbench.statusBarItem('· ablated')).toMatch(/ablated .* ms/);
  });
});
