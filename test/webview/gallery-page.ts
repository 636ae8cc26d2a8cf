import { mkdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../vscode/host/browser.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const output = join(root, '.cache/gallery');
const screens = join(root, '.cache/screens');
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
};

/** As strict as the webview's: nothing inline, no `eval`. The nonce of the styles is on the page as `csp-nonce`. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-gallery'; img-src data:";

export interface OpenPage {
  readonly page: Page;
  /** Errors, warnings and violations of the content security policy so far. */
  readonly complaints: readonly string[];
}

export interface Gallery {
  open(query: string, size?: { width: number; height: number }): Promise<OpenPage>;
  close(): Promise<void>;
}

/** Builds the gallery, serves it under the strict policy, and opens pages of it in a real browser. */
export async function startGallery(): Promise<Gallery> {
  await buildGallery();
  const server = await serve();
  const browser = await startBrowser();
  const { port } = server.address() as AddressInfo;
  return {
    open: (query, size) =>
      openPage(browser, `http://127.0.0.1:${port}/index.html?bare&${query}`, size),
    close: async () => {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A picture for people to look at; nothing compares it. */
export async function photograph(page: Page, name: string): Promise<void> {
  await mkdir(screens, { recursive: true });
  await page.screenshot({ path: join(screens, `${name}.png`), fullPage: true });
}

async function buildGallery(): Promise<void> {
  await build({
    entryPoints: { gallery: join(root, 'webview/gallery/gallery.tsx') },
    outdir: output,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
  });
}

async function serve(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const name = new URL(request.url ?? '/', 'http://localhost').pathname.slice(1);
    const folder = name === 'index.html' ? join(root, 'webview/gallery') : output;
    try {
      const body = await readFile(join(folder, name));
      response.writeHead(200, {
        'content-type': types[extname(name)] ?? 'application/octet-stream',
        'content-security-policy': policy,
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function openPage(
  browser: Browser,
  address: string,
  size = { width: 1100, height: 900 },
): Promise<OpenPage> {
  const page = await browser.newPage({ viewport: size });
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', (event) =>
      console.error(`${event.violatedDirective} forbids ${event.blockedURI} ${event.sample}`),
    ),
  );
  await page.goto(address);
  return { page, complaints };
}
