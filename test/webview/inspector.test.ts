import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attentionView, numberText } from '../../src/views/index.ts';
import { fakeTrace } from '../../webview/gallery/fake-trace.ts';
import { type Gallery, photograph, startGallery } from './gallery-page.ts';

let gallery: Gallery;

beforeAll(async () => {
  gallery = await startGallery();
}, 120_000);

afterAll(() => gallery.close());

const tabNames = ['Residual stream', 'Attention', 'Shapes', 'Tensor'] as const;

/** The middle of a cell of the first map on the page. */
async function pointAt(page: Page, row: number, column: number): Promise<void> {
  const canvas = page.locator('.heatmap-map canvas').first();
  const read = async (name: string) => Number(await canvas.getAttribute(`data-${name}`));
  await canvas.hover({
    position: {
      x: (await read('left')) + (column + 0.5) * (await read('cell-width')),
      y: (await read('top')) + (row + 0.5) * (await read('cell-height')),
    },
  });
}

function openTab(page: Page, name: (typeof tabNames)[number]): Promise<void> {
  return page.getByRole('tab', { name }).click();
}

const readout = (page: Page) => page.locator('.readout').first();
const revealed = (page: Page) => page.locator('body').getAttribute('data-revealed');

test('every tab shows its view, and the browser has nothing to complain about', async () => {
  const { page, complaints } = await gallery.open('trace=small');
  const landmarks = ['.steps-list', '.heads', '.statements', '.tensors-list'];
  for (const [index, name] of tabNames.entries()) {
    await openTab(page, name);
    await page.locator(landmarks[index] ?? '').waitFor();
  }
  expect(complaints).toEqual([]);
  await page.close();
});

test('a click on a head makes it the large one; the value under the mouse is the one of the trace', async () => {
  const { page } = await gallery.open('trace=small');
  await openTab(page, 'Attention');
  await page.getByRole('radio', { name: 'Head 2' }).click();
  await page.getByText('Head 2: queries down, keys across').waitFor();
  await pointAt(page, 5, 3);
  const trace = fakeTrace({ layers: 2, heads: 4, tokens: 12, width: 32 });
  const view = await attentionView(trace, { pattern: 0, head: 2 });
  const value = view?.large.values[5 * 12 + 3] ?? Number.NaN;
  expect(await readout(page).textContent()).toBe(
    `query ·mat (5) · key ·on (3) ${numberText(value)}`,
  );
  await pointAt(page, 3, 5);
  expect(await readout(page).textContent()).toContain('masked');
  await page.close();
});

test('the arrows move the crosshair, Enter chooses, Escape leaves', async () => {
  const { page } = await gallery.open('trace=small');
  await openTab(page, 'Attention');
  const map = page.getByRole('application').first();
  await map.focus();
  for (const key of ['ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowRight']) await map.press(key);
  expect(await readout(page).textContent()).toContain('query ·sat (2) · key ·cat (1)');
  await map.press('Enter');
  await openTab(page, 'Residual stream');
  await page.getByText('Token 2 ·sat through every step').waitFor();
  await openTab(page, 'Attention');
  await map.press('ArrowRight');
  await map.press('Escape');
  expect(await readout(page).textContent()).toContain('arrow keys');
  await page.close();
});

test('heads and steps are chosen by keys as well', async () => {
  const { page } = await gallery.open('trace=small');
  const steps = page.getByRole('listbox', { name: 'Steps' });
  await steps.press('Home');
  await page.getByText('Every token at layer 0 resid_pre').waitFor();
  await steps.press('ArrowDown');
  await page.getByText('Every token at layer 0 resid_mid').waitFor();
  await openTab(page, 'Attention');
  await page.getByRole('radio', { name: 'Head 0' }).press('ArrowRight');
  await page.getByText('Head 1: queries').waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Head 1');
  await page.close();
});

test('a step, a statement and an expectation lead to their source', async () => {
  const { page } = await gallery.open('trace=small');
  await page.getByRole('option', { name: 'resid_mid' }).first().click();
  await expect.poll(() => revealed(page)).not.toBeNull();
  const first = await revealed(page);
  await openTab(page, 'Shapes');
  await page.getByRole('button', { name: 'z = x + table' }).click();
  await expect.poll(() => revealed(page)).not.toBe(first);
  const second = await revealed(page);
  await page.getByRole('button', { name: 'expect norm(logits) < 50' }).click();
  await expect.poll(() => revealed(page)).not.toBe(second);
  await page.close();
});

test('shapes say the verdict in words, and problems come first when asked', async () => {
  const { page } = await gallery.open('trace=small');
  await openTab(page, 'Shapes');
  const rows = page.locator('.statement');
  expect(await rows.first().textContent()).toContain('split_heads');
  await page.getByRole('checkbox', { name: 'Problems first' }).click();
  expect(await rows.first().textContent()).toMatch(/bad = logits @ W_U.*error.*V = 101/);
  await page.close();
});

test('a tensor is found by its path; its leading axes have an index each', async () => {
  const { page } = await gallery.open('trace=small');
  await openTab(page, 'Tensor');
  await page.getByRole('textbox', { name: 'Find a tensor' }).fill('1.attn.sc');
  await page.getByRole('option').first().click();
  await page.getByRole('heading', { name: 'blocks.1.attn.scores' }).waitFor();
  await pointAt(page, 6, 0);
  const before = await readout(page).textContent();
  await page.getByRole('spinbutton').fill('3');
  await pointAt(page, 6, 0);
  await expect.poll(() => readout(page).textContent()).not.toBe(before);
  await page.close();
});

test('the cursor chooses without taking the tab away, unless nothing of it is here', async () => {
  const { page } = await gallery.open('trace=small');
  await page.locator('.steps-list').waitFor();
  await page.evaluate("gallery.select({ path: 'blocks.1.x#1' })");
  await page.getByText('Every token at layer 1 resid_mid').waitFor();
  await page.evaluate("gallery.select({ path: 'blocks.1.attn.pattern' })");
  await page.getByText('blocks.1.attn.pattern').first().waitFor();
  expect(await page.getByRole('tab', { selected: true }).textContent()).toBe('Attention');
  await page.close();
});

test('the tab and the selection are remembered', async () => {
  const { page } = await gallery.open('trace=small');
  await openTab(page, 'Attention');
  await page.getByRole('radio', { name: 'Head 3' }).click();
  await page.reload();
  await page.getByText('Head 3: queries').waitFor();
  await page.close();
});

test.each([
  ['empty', 'Nothing to inspect yet'],
  ['running', '17 of 42'],
  ['failed', 'weights.safetensors ends early'],
  ['stale', 'The text has changed since this run.'],
])('the state %s says so', async (state, text) => {
  const { page, complaints } = await gallery.open(`trace=small&state=${state}`);
  await page.getByText(text).waitFor();
  expect(complaints).toEqual([]);
  await photograph(page, `state-${state}`);
  await page.close();
});

test('an earlier run stays in sight while the next one runs', async () => {
  const { page } = await gallery.open('trace=small');
  await page.locator('.steps-list').waitFor();
  await page.evaluate("gallery.tell('running')");
  await page.getByText('17 of 42').waitFor();
  expect(await page.locator('.steps-list').isVisible()).toBe(true);
  await page.getByRole('button', { name: 'Run again' }).click();
  await page.getByText('17 of 42').waitFor({ state: 'detached' });
  await page.close();
});

test('a change of theme draws the maps again', async () => {
  const { page } = await gallery.open('trace=small&theme=dark');
  const canvas = page.locator('.heatmap-map canvas').first();
  await canvas.waitFor();
  const picture = () => canvas.evaluate((element: HTMLCanvasElement) => element.toDataURL());
  const dark = await picture();
  await page.evaluate("gallery.theme('light')");
  await expect.poll(picture).not.toBe(dark);
  await page.close();
});

test.each(tabNames)('%s fits into 300 pixels, in every theme', async (name) => {
  for (const theme of ['dark', 'light', 'contrast']) {
    const { page } = await gallery.open(`trace=small&theme=${theme}`, { width: 300, height: 800 });
    await openTab(page, name);
    await page.locator('.view').waitFor();
    const right = await page.evaluate(() =>
      Math.max(
        document.documentElement.scrollWidth,
        ...[...document.querySelectorAll('.view *, .header *')].map(
          (element) => element.getBoundingClientRect().right,
        ),
      ),
    );
    expect(right).toBeLessThanOrEqual(300);
    await photograph(page, `narrow-${theme}-${name.split(' ')[0]?.toLowerCase()}`);
    await page.close();
  }
});

test.each(['dark', 'light', 'contrast'])('pictures of every view in %s', async (theme) => {
  const { page } = await gallery.open(`trace=large&theme=${theme}`);
  for (const name of tabNames) {
    await openTab(page, name);
    await page.locator('.view').waitFor();
    if (name !== 'Shapes') await pointAt(page, 5, 7);
    await photograph(page, `${theme}-${name.split(' ')[0]?.toLowerCase()}`);
  }
  await page.close();
});

test('a family of runs has a heatmap of its metrics, and where each is greatest', async () => {
  const { page } = await gallery.open('trace=large');
  await page.getByRole('tab', { name: 'Sweep' }).click();
  await page.getByText('drop: l down, h across').waitFor();
  expect(await page.locator('.sweep-extremes').textContent()).toContain('l = 1, h = 1');
  await pointAt(page, 1, 1);
  expect(await readout(page).textContent()).toMatch(/^l 1 · h 1 3\.\d+$/);
  await page.getByLabel('Metric').selectOption('rank');
  await page.getByText('rank: l down, h across').waitFor();
  await photograph(page, 'sweep');
  await page.close();
});

test('generated tokens stand with what else was probable; a click chooses the position', async () => {
  const { page, complaints } = await gallery.open('trace=small');
  await page.getByRole('tab', { name: 'Generated' }).click();
  const rows = page.locator('.generation tbody tr');
  await rows.nth(2).waitFor();
  expect(await rows.count()).toBe(3);
  expect(await rows.nth(1).innerText()).toMatch(/12\.0 %.*40\.0 %/s);
  await rows.nth(1).getByRole('button').click();
  expect(await rows.nth(1).getAttribute('aria-current')).toBe('true');
  await photograph(page, 'generation');
  expect(complaints).toEqual([]);
  await page.close();
});
