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

const tabNames = [
  'Flow',
  'Residual stream',
  'Attention',
  'Logits',
  'Shapes',
  'Tensor',
  'Compare',
] as const;

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
  const landmarks = [
    '.flow',
    '.steps-list',
    '.head-grid',
    '.predictions',
    '.statements',
    '.tensors-list',
    '.compare-list',
  ];
  for (const [index, name] of tabNames.entries()) {
    await openTab(page, name);
    await page.locator(landmarks[index] ?? '').waitFor();
  }
  expect(complaints).toEqual([]);
  await page.close();
});

test('a run whose values are not finite is drawn, with a mark for each kind', async () => {
  const { page, complaints } = await gallery.open('trace=broken');
  for (const name of [...tabNames, 'Sweep'] as const) {
    await page.getByRole('tab', { name, exact: true }).click();
    await page.locator('.view').first().waitFor();
    await page.waitForTimeout(200);
    await photograph(page, `broken-${name.split(' ')[0]?.toLowerCase()}`);
    if (!['Residual stream', 'Attention', 'Tensor', 'Compare', 'Sweep'].includes(name)) continue;
    await page.locator('.legend-mark', { hasText: 'NaN' }).first().waitFor();
    await page.locator('.legend-mark', { hasText: '+∞' }).first().waitFor();
    await page.locator('.legend-mark', { hasText: '−∞' }).first().waitFor();
  }
  // The last token's numbers are whole.
  await page.evaluate('gallery.select({ token: 3 })');
  await openTab(page, 'Logits');
  await page.getByText('The state that the logits are made of').waitFor();
  await page.locator('.lens-cell', { hasText: 'NaN' }).first().waitFor();
  // A length or a place that is no number is a complaint of the browser.
  expect(complaints).toEqual([]);
  await page.close();
});

test('where a few values are far larger than the others, the others may have the colours', async () => {
  const { page } = await gallery.open('trace=long');
  await openTab(page, 'Tensor');
  await page.evaluate("gallery.select({ path: 'outliers' })");
  await page.getByRole('heading', { name: 'outliers' }).waitFor();
  const legend = page.locator('.legend').first();
  expect(await legend.textContent()).not.toContain('above the range');
  await page.getByRole('button', { name: 'Colours for the range of 99 of 100 values' }).click();
  await page.locator('.legend-mark', { hasText: 'above the range' }).waitFor();
  await pointAt(page, 0, 5);
  expect(await readout(page).textContent()).toContain('500');
  await page.close();
});

test('a click on a head makes it the large one; the value under the mouse is the one of the trace', async () => {
  const { page } = await gallery.open('trace=small');
  await openTab(page, 'Attention');
  await page.getByRole('radio', { name: 'Layer 0, head 2' }).click();
  await page.getByText('Head 2: queries down, keys across').waitFor();
  await pointAt(page, 5, 3);
  const trace = fakeTrace({ layers: 2, heads: 4, tokens: 12, width: 32 });
  const asked = { kind: 'head', pattern: 0, head: 2, token: 0, weighted: false } as const;
  const view = await attentionView(trace, asked);
  const value = view?.map.values[5 * 12 + 3] ?? Number.NaN;
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
  for (const key of ['Home', 'PageUp', 'PageUp', 'ArrowDown', 'ArrowDown', 'ArrowRight']) {
    await map.press(key);
  }
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
  await page.getByRole('radio', { name: 'Layer 0, head 0' }).press('ArrowRight');
  await page.getByText('Head 1: queries').waitFor();
  expect(await page.evaluate(() => document.activeElement?.ariaLabel)).toBe('Layer 0, head 1');
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

test('a sublayer opens into its equations, and each leads to its line', async () => {
  const { page } = await gallery.open('trace=small');
  await openTab(page, 'Flow');
  const attention = page.getByRole('button', { name: 'attention attn' });
  await attention.press('Enter');
  await expect.poll(() => attention.getAttribute('aria-expanded')).toBe('true');
  const before = await revealed(page);
  await page.getByRole('button', { name: 'pattern = softmax(mask(scores))' }).click();
  await expect.poll(() => revealed(page)).not.toBe(before);
  await openTab(page, 'Tensor');
  await page.getByRole('heading', { name: 'blocks.0.attn.pattern' }).waitFor();
  await page.close();
});

test('a prediction that is clicked is followed through the depth and taken apart', async () => {
  const { page } = await gallery.open('trace=small');
  await openTab(page, 'Logits');
  await page.getByRole('button', { name: '·then 99 %' }).click();
  await page.getByText('Probability of ·then over the positions').waitFor();
  await page.getByText('What put the logit of ·then there').waitFor();
  await page.locator('.lens-cell').first().waitFor();
  // Six steps at the ten positions that there is room for.
  await expect.poll(() => page.locator('.lens-cell').count()).toBe(60);
  await page.getByRole('textbox', { name: 'Follow a token' }).fill('44');
  await page.getByText('Probability of #44 over the positions').waitFor();
  await page.close();
});

test('shapes say the verdict in words, problems come first, and blocks add up to their costs', async () => {
  const { page } = await gallery.open('trace=small');
  await openTab(page, 'Shapes');
  const rows = page.locator('.statement');
  expect(await rows.first().textContent()).toMatch(/bad = logits @ W_U.*error.*V = 101/);
  await page.getByRole('checkbox', { name: 'Problems first' }).click();
  await expect.poll(() => rows.first().textContent()).toContain('split_heads');
  expect(await page.getByRole('row', { name: /^Block 12/ }).textContent()).toBe(
    'Block12.3 k295 k8.45 kB',
  );
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

test('a tensor is taken away as text and as a picture, and its numbers are read where they are in sight', async () => {
  const { page } = await gallery.open('trace=large');
  await openTab(page, 'Tensor');
  await page.getByRole('textbox', { name: 'Find a tensor' }).fill('1.ffn.hidden');
  await page.getByRole('option').first().click();
  await page.getByRole('button', { name: 'Copy as NumPy' }).click();
  await page.getByText('Copied as NumPy.').waitFor();
  expect(await page.locator('body').getAttribute('data-copied')).toMatch(/^np\.array\(\[\[/);
  await page.getByRole('button', { name: 'Save SVG' }).click();
  await expect
    .poll(() => page.locator('body').getAttribute('data-saved'))
    .toMatch(/^blocks\.1\.ffn\.hidden\.svg \d{5,}/);
  await page.getByRole('button', { name: 'Numbers' }).click();
  const grid = page.locator('.number-grid section');
  await grid.evaluate((element) => element.scrollTo(20_000, 600));
  await page.locator('.number-cells').getByText('270', { exact: true }).waitFor();
  expect(await page.locator('.number-cells td').count()).toBeLessThan(2000);
  await page.close();
});

test('two runs side by side: the crosshair of one is in all three maps', async () => {
  const { page } = await gallery.open('trace=small');
  await openTab(page, 'Compare');
  await page.getByText('35 of 36 differ').waitFor();
  await page.locator('.side-by-side .heatmap-map').nth(2).waitFor();
  await pointAt(page, 2, 3);
  const readouts = page.locator('.side-by-side .readout');
  await expect.poll(() => readouts.nth(2).textContent()).toMatch(/^N 2 · d 3 /);
  await page.close();
});

test('every page can be looked at of two runs side by side, with one selection', async () => {
  const { page, complaints } = await gallery.open('trace=small');
  await openTab(page, 'Compare');
  await page.getByText('35 of 36 differ').waitFor();
  for (const [name, landmark] of [
    ['Flow', '.flow'],
    ['Residual stream', '.steps-list'],
    ['Attention', '.heatmap-map'],
  ] as const) {
    await page.getByRole('button', { name, exact: true }).click();
    await page.locator(`.page-pair > section ${landmark}`).nth(2).waitFor();
  }
  const heads = page.locator('.page-pair').getByRole('radio', { name: 'Layer 1, head 2' });
  await heads.nth(0).click();
  for (const pane of [0, 1, 2]) {
    await expect.poll(() => heads.nth(pane).getAttribute('aria-checked')).toBe('true');
  }
  expect(complaints).toEqual([]);
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
  await page.getByRole('radio', { name: 'Layer 0, head 3' }).click();
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
    await page.locator('.view').first().waitFor();
    const right = await page.evaluate(() =>
      Math.max(
        document.documentElement.scrollWidth,
        // What scrolls by itself may be as wide as it likes.
        ...[...document.querySelectorAll('.view *, .header *')]
          .filter((element) => element.closest('.scroll *') === null)
          .map((element) => element.getBoundingClientRect().right),
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
    await page.locator('.view').first().waitFor();
    if (['Residual stream', 'Attention', 'Tensor'].includes(name)) await pointAt(page, 5, 7);
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
  expect(await rows.nth(1).innerText()).toMatch(/12 %.*40 %/s);
  await rows.nth(1).getByRole('button').click();
  expect(await rows.nth(1).getAttribute('aria-current')).toBe('true');
  await photograph(page, 'generation');
  expect(complaints).toEqual([]);
  await page.close();
});
