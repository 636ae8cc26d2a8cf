/** The inspector's page as it is built and shipped, under the policy that VS Code and TBlock give it. */
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { record, scaled } from '../reliability/figures.ts';
import { type Workbench, WorkbenchHost } from '../vscode/workbench.ts';
import { examples } from './places.ts';

let host: WorkbenchHost;
let workbench: Workbench;
const violations: string[] = [];
const asked: string[] = [];

beforeAll(async () => {
  host = await WorkbenchHost.start();
  workbench = await host.open(examples, { size: { width: 1600, height: 900 } });
  const { page } = workbench;
  page.on('console', (message) => {
    const text = message.text();
    // What is refused while the page is loaded, the browser says itself; later the listener below does too.
    if (/^policy: |Content Security Policy/.test(text)) violations.push(text);
  });
  page.on('request', (request) => {
    if (request.frame().url().includes('fake.html')) asked.push(request.url());
  });
  await workbench.openFile('decoder.tblock');
  await workbench.runCommand('TBlock: Run');
  await workbench.statusBarItem('· demo');
  await workbench.runCommand('TBlock: Open Inspector');
  // VS Code writes the page into a document that is there already, which would end a listener set before.
  const inspector = await workbench.webview('.inspector');
  await inspector.evaluate(() =>
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error(`policy: ${violatedDirective} forbids ${blockedURI}`),
    ),
  );
});
afterAll(async () => {
  await workbench?.close();
  await host?.close();
});

const policyOf = (page: Frame) =>
  page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');

it('the policy names no other source than the page itself, and forbids eval', async () => {
  const page = await workbench.webview('.inspector');
  const policy = (await policyOf(page)) ?? '';

  expect(policy).toContain(`default-src 'none'`);
  expect(policy).not.toMatch(/unsafe|\*(?!\.vscode-cdn\.net)|http:|data:|blob:/);
  expect(policy.match(/script-src[^;]*/)?.[0]).toMatch(/^script-src 'nonce-[\w+/=]+'$/);
});

it('every tab is drawn without one violation, and nothing is loaded from elsewhere', async () => {
  const page = await workbench.webview('.inspector');
  const tabs = page.getByRole('tab');
  const count = await tabs.count();
  expect(count).toBeGreaterThan(5);
  for (let i = 0; i < count; i++) {
    const tab = tabs.nth(i);
    await tab.click();
    await expect.poll(() => tab.getAttribute('aria-selected')).toBe('true');
    await page.getByRole('tabpanel').first().waitFor();
    await page.waitForTimeout(300);
  }

  expect(violations).toEqual([]);
  const elsewhere = asked.filter(
    (url) =>
      !/^(https?:\/\/127\.0\.0\.1|https:\/\/[\w.+-]*\.vscode-cdn\.net\/|data:|blob:)/.test(url),
  );
  expect(elsewhere).toEqual([]);
  record('policy', { tabs: count, violations: violations.length });
});

it('what the policy forbids is forbidden, and the listener hears of it', async () => {
  const page = await workbench.webview('.inspector');
  const ran = await page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'document.body.dataset.inline = "ran"';
    document.body.append(script);
    const image = document.createElement('img');
    image.src = 'https://example.org/picture.png';
    document.body.append(image);
    await new Promise((done) => setTimeout(done, 200));
    script.remove();
    image.remove();
    return document.body.dataset['inline'];
  });

  expect(ran).toBeUndefined();
  await expect.poll(() => violations.join('\n')).toMatch(/policy: script-src.*policy: img-src/s);
});

const reloads = scaled(2, 50);
it(`reloaded ${reloads} times, the page comes back with the tab and the run it showed`, {
  timeout: 60_000 + reloads * 20_000,
}, async () => {
  let page = await workbench.webview('.inspector');
  const shown = 'Residual stream';
  await page.getByRole('tab', { name: shown }).click();
  for (let i = 0; i < reloads; i++) {
    // A page that is new does not have the mark.
    await page.evaluate(() => document.body.setAttribute('data-before', ''));
    await workbench.runCommand('Developer: Reload Webviews');
    await expect
      .poll(
        async () => {
          page = await workbench.webview('.inspector');
          const tab = page.locator('body:not([data-before])').getByRole('tab', { name: shown });
          // The old page may go away while it is asked.
          return tab.getAttribute('aria-selected', { timeout: 500 }).catch(() => null);
        },
        { timeout: 30_000 },
      )
      .toBe('true');
    await page.locator('.steps-list [role="option"]').first().waitFor();
  }
  await workbench.openFile('decoder.tblock');
  await workbench.runCommand('TBlock: Run');
  await workbench.statusBarItem('· demo');
  record('webview reloaded', { reloads });
});

it('two windows on one server run at the same time, each its own', async () => {
  const other = await host.open(examples);
  try {
    await Promise.all([
      workbench.openFile('pre-norm.tblock').then(() => workbench.runCommand('TBlock: Run')),
      other.openFile('post-norm.tblock').then(() => other.clickCodeLens('▷ Run')),
    ]);
    expect(await workbench.statusBarItem('· demo')).toMatch(/demo .* ms/);
    expect(await other.statusBarItem('· PostNorm')).toMatch(/PostNorm .* ms/);
  } finally {
    await other.close();
  }
});
