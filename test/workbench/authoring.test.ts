import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Workbench, WorkbenchHost } from '../vscode/workbench.ts';
import { examples, picture, placeIn } from './places.ts';

describe('writing in the workbench', () => {
  let host: WorkbenchHost;
  let workbench: Workbench;

  beforeAll(async () => {
    host = await WorkbenchHost.start();
  });
  afterAll(() => host?.close());
  beforeEach(async () => {
    workbench = await host.open(examples);
  });
  afterEach(() => workbench?.close());

  it('shapes stand at the ends of lines, and after a run the values, greyed by an edit', async () => {
    await workbench.openFile('post-norm.tblock');
    const hint = workbench.editor.getByText('[N, d]', { exact: false });
    await hint.first().waitFor();
    await workbench.screenshot(picture('inlay-hints'));

    await workbench.clickCodeLens('▷ Run');
    await workbench.statusBarItem('· PostNorm');
    // They are drawn behind the text, so no element has them as its own.
    const values = () =>
      workbench.editor.locator('.view-line span').evaluateAll((spans) =>
        spans.flatMap((span) => {
          const { content, color } = getComputedStyle(span, '::after');
          return content.includes('±') ? [{ content, color }] : [];
        }),
      );
    await expect.poll(async () => (await values()).length).toBeGreaterThan(4);
    const [fresh] = await values();
    expect(fresh?.content).toContain('[3,\u00a04]');
    await workbench.screenshot(picture('line-values'));

    await workbench.goTo(...placeIn('post-norm.tblock', '  t2 = t1 + x‸'));
    await workbench.type(' * 2');
    await expect.poll(async () => (await values())[0]?.color).not.toBe(fresh?.color);
    await workbench.screenshot(picture('line-values-stale'));
  });

  it('what is typed is completed, and a call shows its parameters', async () => {
    await workbench.openFile('post-norm.tblock');
    await workbench.goTo(...placeIn('post-norm.tblock', '  return h‸\n}\n\nmodel'));
    await workbench.type('\n');
    await workbench.type('z = Multi');
    const suggestions = workbench.page.locator('.suggest-widget.visible .monaco-list-row');
    await suggestions.first().waitFor();
    expect(await suggestions.first().innerText()).toContain('MultiHeadAttention');
    await workbench.page.keyboard.press('Control+Space');
    await workbench.screenshot(picture('completion'));

    await workbench.page.keyboard.press('Escape');
    await workbench.type('HeadAttention(x, ');
    const parameters = workbench.page.locator('.parameter-hints-widget.visible');
    await parameters.waitFor();
    expect(await parameters.innerText()).toContain('heads: dim');
    await workbench.screenshot(picture('signature-help'));
  });

  it('a hover tells what a block is and what it costs', async () => {
    await workbench.openFile('pre-norm.tblock');
    const hover = await workbench.hover(
      ...placeIn('pre-norm.tblock', 'x += Multi‸HeadAttention'),
      'Parameters',
    );
    expect(hover).toContain('FLOP');
    await workbench.screenshot(picture('block-hover'));
  });
});
