/**
 * How quick the inspector is, in the browser, on a made-up run of GPT-2 small's shape at 128 tokens: the first picture,
 * choosing a head, a layer and a token, enlarging and moving a map of 1024 × 1024, and the bytes that cross for it all.
 */
import type { Page } from 'playwright-core';
import { startGallery } from '../webview/gallery-page.ts';

const repeats = 15;

const gallery = await startGallery();
try {
  const { page } = await gallery.open('trace=gpt2', { width: 1400, height: 1000 });
  await page.locator('.steps-list').waitFor({ timeout: 60_000 });
  const rows: (readonly [string, string, string])[] = [];

  await openTab(page, 'Attention');
  await page.locator('.head-grid canvas').waitFor();
  // A new run: everything is read and drawn again.
  const first = await timed(page, 'gallery.rerun()', '.heatmap-map canvas', 5);
  rows.push(['first picture after a run', milliseconds(first), '≤ 300 ms']);
  for (const [what, act] of [
    ['choose a head', "document.querySelectorAll('.head')[ROUND % 12].click()"],
    [
      'choose a layer',
      "document.querySelectorAll('.head-row')[ROUND % 12].querySelector('.head').click()",
    ],
    ['choose a token', "document.querySelectorAll('.chip')[ROUND % 100].click()"],
  ] as const) {
    rows.push([
      what,
      milliseconds(await timed(page, act, '.large .heatmap-map canvas', repeats)),
      '≤ 50 ms',
    ]);
  }
  rows.push(['bytes for a run and all of this', await bytesText(page), 'of 76 MB in the trace']);
  await openTab(page, 'Tensor');
  await page.evaluate("gallery.select({ path: 'square' })");
  await page.getByRole('heading', { name: 'square' }).waitFor();
  rows.push(['move a map of 1024 × 1024', await frames(page), '60 a second']);
  console.log(
    rows.map((row) => row.map((cell, i) => cell.padEnd([34, 36, 0][i] ?? 0)).join('')).join('\n'),
  );
} finally {
  await gallery.close();
}

function openTab(page: Page, name: string): Promise<void> {
  return page.getByRole('tab', { name, exact: true }).click();
}

/** Milliseconds from an act until the map has been drawn anew and the browser has shown it. */
async function timed(page: Page, act: string, canvas: string, times: number): Promise<number[]> {
  const found: number[] = [];
  for (let round = 0; round < times; round++) {
    const acted = act.replace('ROUND', String(7 * round + 1));
    found.push(await page.evaluate(`gallery.timeToDraw('${canvas}', () => { ${acted} })`));
    // What is read beside the map, such as why a score, is not to be in the way of the next.
    await page.waitForTimeout(200);
  }
  return found;
}

/** Maps drawn in a second while an enlarged one is dragged across. */
async function frames(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Enlarge' }).click();
  const rate = await page.evaluate("gallery.dragRate('.heatmap-map canvas', 120)");
  return `${Number(rate).toFixed(0)} a second`;
}

async function bytesText(page: Page): Promise<string> {
  return `${(Number(await page.evaluate('gallery.bytes()')) / 1e6).toFixed(2)} MB`;
}

/** Median and worst. */
function milliseconds(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const text = (time: number | undefined) => (time ?? 0).toFixed(0);
  return `${text(sorted[sorted.length >> 1])} ms, at worst ${text(sorted.at(-1))} ms`;
}
