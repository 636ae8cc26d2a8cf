import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tabs } from '../../webview/selection.ts';
import { strings } from '../../webview/strings.ts';
import { type Gallery, startGallery } from './gallery-page.ts';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

let gallery: Gallery;

beforeAll(async () => {
  gallery = await startGallery();
}, 120_000);

afterAll(() => gallery.close());

/** What axe finds, a line for each element. */
async function complaints(page: Page): Promise<readonly string[]> {
  const options: RunOptions = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'] };
  const found = await page.evaluate(
    (asked) =>
      (window as unknown as { axe: { run(o: RunOptions): Promise<AxeResults> } }).axe.run(asked),
    options,
  );
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`),
  );
}

test.each(['dark', 'light', 'contrast'])('axe finds nothing in %s', async (theme) => {
  const { page } = await gallery.open(`trace=small&theme=${theme}`);
  // Not as a script of the page: its policy forbids that, rightly.
  await page.evaluate(axe);
  const found: string[] = [];
  for (const tab of tabs) {
    await page.getByRole('tab', { name: strings.tabs[tab], exact: true }).click();
    await page.locator('.view').first().waitFor();
    await page.waitForTimeout(150);
    found.push(...(await complaints(page)).map((each) => `${tab} ${each}`));
  }
  expect(found).toEqual([]);
  await page.close();
});
