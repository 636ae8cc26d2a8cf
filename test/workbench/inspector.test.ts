import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Workbench, WorkbenchHost } from '../vscode/workbench.ts';
import { examples, picture, placeIn } from './places.ts';

describe('the inspector in the workbench', () => {
  let host: WorkbenchHost;
  let workbench: Workbench;
  const complaints: string[] = [];

  beforeAll(async () => {
    host = await WorkbenchHost.start();
    workbench = await host.open(examples, { size: { width: 1600, height: 900 } });
    workbench.page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) complaints.push(message.text());
    });
    await workbench.openFile('pre-norm.tblock');
    await workbench.runCommand('TBlock: Run');
    await workbench.statusBarItem('· demo');
    await workbench.runCommand('TBlock: Open Inspector');
  });
  afterAll(async () => {
    await workbench?.close();
    await host?.close();
  });

  it('draws the block as a stream with branches, and opens one into its equations', async () => {
    const page = await workbench.webview('.inspector');
    await page.getByRole('tab', { name: 'Flow' }).click();
    const attention = page.getByRole('button', { name: 'attention attn' });
    await attention.click();

    await page.getByRole('button', { name: 'pattern = softmax(scores)' }).waitFor();
    expect(await attention.getAttribute('aria-expanded')).toBe('true');
    await workbench.screenshot(picture('inspector-flow'));
  });

  it('shows the residual stream of the last run', async () => {
    const page = await workbench.webview('.inspector');
    await page.getByRole('tab', { name: 'Residual stream' }).click();

    await page.locator('.steps-list [role="option"]').first().waitFor();
    await workbench.screenshot(picture('inspector-stream'));
  });

  it('shows every head, and one that is clicked large with its values on hover', async () => {
    const page = await workbench.webview('.inspector');
    await page.getByRole('tab', { name: 'Attention' }).click();
    const heads = page.locator('.heads .head');
    await heads.nth(2).click();

    await expect.poll(() => heads.nth(2).getAttribute('aria-checked')).toBe('true');
    const map = page.locator('.heatmap-map').first();
    const box = await map.boundingBox();
    await map.hover({ position: { x: (box?.width ?? 0) * 0.12, y: (box?.height ?? 0) * 0.6 } });
    await expect.poll(() => page.locator('.readout').first().innerText()).toMatch(/\d\.\d/);
    await workbench.screenshot(picture('inspector-attention'));
  });

  it('shows the shapes, and clicking one moves the cursor to its line', async () => {
    const page = await workbench.webview('.inspector');
    await page.getByRole('tab', { name: 'Shapes' }).click();
    const text = 'x += FFN(LayerNorm(x) as ln_2';
    await page.getByText(text).first().click();

    const [line] = placeIn('pre-norm.tblock', `‸${text}`);
    const current = workbench.page.locator('.margin-view-overlays .active-line-number').first();
    await expect.poll(() => current.innerText()).toBe(`${line}`);
    await workbench.screenshot(picture('inspector-shapes'));
  });

  it('follows the cursor onto a tensor', async () => {
    const page = await workbench.webview('.inspector');
    await page.getByRole('tab', { name: 'Tensor' }).click();
    await workbench.runCommand('View: Focus First Editor Group');
    await workbench.goTo(...placeIn('pre-norm.tblock', 'output ‸y'));

    const chosen = page.locator('.tensors-list [role="option"][aria-selected="true"]');
    await expect.poll(() => chosen.innerText()).toMatch(/^y\b/);
    await workbench.screenshot(picture('inspector-tensor'));
  });

  it('shows what a decoder predicts, layer by layer', async () => {
    await workbench.openFile('decoder.tblock');
    await workbench.runCommand('TBlock: Run');
    const page = await workbench.webview('.inspector');
    await page.getByRole('heading', { name: 'demo' }).waitFor();
    await page.getByText('Decoder').waitFor();
    await page.getByRole('tab', { name: 'Logits' }).click();

    await page.locator('.attribution .head-part').first().waitFor();
    // Six steps at ten positions.
    await expect.poll(() => page.locator('.lens-cell').count()).toBe(60);
    await workbench.screenshot(picture('inspector-logits'));
  });

  it('lists the tensors in the sidebar, by path', async () => {
    await workbench.runCommand('Explorer: Focus on Tensors View');
    const tree = workbench.page.locator('.pane', { hasText: 'Tensors' }).last();
    await tree.getByRole('treeitem', { name: 'logits' }).first().waitFor();
    await workbench.screenshot(picture('tensors-view'));
  });

  it('breaks no rule of the strict policy', () => {
    expect(complaints).toEqual([]);
  });
});
