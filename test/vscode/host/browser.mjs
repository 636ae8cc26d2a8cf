/** Starts the browser that shows an offline VS Code. */
import { chromium } from 'playwright-core';
import { installBrowser } from './install.mjs';

/**
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function startBrowser() {
  const browser = await installBrowser();
  try {
    return await chromium.launch({ ...browser, headless: true });
  } catch (error) {
    const advice =
      browser.channel === undefined ? '' : ' Install Google Chrome, which this platform needs.';
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The browser for the offline VS Code did not start.${advice}\n${reason}`);
  }
}
