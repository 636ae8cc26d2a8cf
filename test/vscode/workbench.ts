/**
 * A workbench for tests to click and type in: the offline VS Code in a browser, with the extension
 * under development, on a throw-away copy of a folder.
 */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Frame, Locator, Page } from 'playwright-core';
import { startBrowser } from './host/browser.mjs';
import { startServer } from './host/server.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const limit = 30_000;
const loadLimit = 60_000;

/** Typing arrives in the file as it was typed, and nothing moves or blinks in a picture. */
const testSettings = {
  'editor.autoClosingBrackets': 'never',
  'editor.autoClosingQuotes': 'never',
  'editor.autoIndent': 'none',
  'editor.cursorBlinking': 'solid',
  'editor.minimap.enabled': false,
  'editor.hover.delay': 100,
  'files.autoSave': 'off',
  'window.restoreWindows': 'none',
  'workbench.editor.revealIfOpen': true,
  'workbench.colorTheme': 'Default Light Modern',
};

export interface HostOptions {
  /** The folder of the extension under development; this project's if absent. */
  readonly extension?: string;
  /** Folders of extensions beside it. */
  readonly others?: readonly string[];
  /** A `.vsix` file, installed instead of the folder. */
  readonly package?: string;
  /** Variables of the environment in which the extension runs. */
  readonly env?: Readonly<Record<string, string>>;
  /** User settings, over those of every test. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether folders are opened in Restricted Mode until they are trusted. */
  readonly restricted?: boolean;
}

export interface OpenOptions {
  /** The window's size in pixels; 1280 × 800 if absent. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Of the folder's address, where that is none of the disk. */
  readonly scheme?: string;
  /** The editor's language, as a language pack sets it; English if absent. */
  readonly language?: 'pt-br';
}

/** How strong a squiggle is. */
export type Severity = 'error' | 'warning' | 'info';

/** Milliseconds after which the mouse points again. */
const hoverPatience = 4000;

/** One VS Code server and one browser, which any number of workbenches share. */
export class WorkbenchHost {
  readonly #server: Awaited<ReturnType<typeof startServer>>;
  readonly #browser: Browser;

  private constructor(server: Awaited<ReturnType<typeof startServer>>, browser: Browser) {
    this.#server = server;
    this.#browser = browser;
  }

  /** Starts both, installing them on first use. */
  static async start(options: HostOptions = {}): Promise<WorkbenchHost> {
    const installed =
      options.package === undefined
        ? { extensions: [options.extension ?? root, ...(options.others ?? [])] }
        : { extensions: [...(options.others ?? [])], packages: [options.package] };
    const server = await startServer(
      { kind: 'workbench', ...installed },
      {
        settings: { ...testSettings, ...options.settings },
        env: options.env ?? {},
        restricted: options.restricted ?? false,
      },
    );
    try {
      return new WorkbenchHost(server, await startBrowser());
    } catch (error) {
      server.close();
      throw error;
    }
  }

  /** Opens a workbench on a copy of `folder`. */
  async open(folder: string, options: OpenOptions = {}): Promise<Workbench> {
    const copy = join(await mkdtemp(join(tmpdir(), 'tblock-workbench-')), basename(folder));
    await cp(folder, copy, { recursive: true });
    const viewport = options.size ?? { width: 1280, height: 800 };
    const context = await this.#browser.newContext({ viewport });
    context.setDefaultTimeout(limit);
    const page = await context.newPage();
    if (options.language !== undefined) await page.addInitScript(speak, options.language);
    const place = options.scheme === undefined ? copy : await workspaceOf(options.scheme, copy);
    await page.goto(this.#server.url(place), { timeout: loadLimit });
    await page.locator('.monaco-workbench').waitFor({ timeout: loadLimit });
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
    return new Workbench(page, context, copy);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
  }
}

/** A file that opens a folder by an address of that scheme. */
async function workspaceOf(scheme: string, folder: string): Promise<string> {
  const file = `${folder}.code-workspace`;
  await writeFile(file, JSON.stringify({ folders: [{ uri: `${scheme}:${folder}` }] }));
  return file;
}

/** In the page: what a language pack would say, and what the page's own English texts would say after it. */
function speak(language: string): void {
  Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', { get: () => language, set: () => {} });
}

/** One window of VS Code. Every method waits until what it asks for has happened. */
export class Workbench {
  /** For what no method below does. */
  readonly page: Page;
  /** The copy that is open. */
  readonly folder: string;
  readonly #context: BrowserContext;

  constructor(page: Page, context: BrowserContext, folder: string) {
    this.page = page;
    this.#context = context;
    this.folder = folder;
  }

  /** The editor that has, or last had, the focus. */
  get editor(): Locator {
    return this.page.locator('.editor-group-container.active .monaco-editor[role="code"]').first();
  }

  /** Opens a file of the folder, given by its path there, and puts the cursor into it. */
  async openFile(path: string): Promise<void> {
    await this.#pick('ControlOrMeta+P', join(this.folder, path), basename(path));
    await this.page
      .locator('.editor-group-container.active .tab.active')
      .filter({ has: this.page.getByText(basename(path), { exact: true }) })
      .waitFor();
    await this.editor.locator('.view-line').first().waitFor();
    await this.focusEditor();
  }

  /** Runs a command by its title in the palette, with its category: `TBlock: Run`. */
  async runCommand(title: string): Promise<void> {
    await this.#pick('F1', `>${title}`, title);
  }

  /** Takes the row with that label in the quick pick that a command has opened. */
  async choose(label: string): Promise<void> {
    await this.#take(await this.#find(label, label, limit));
  }

  /** Clicks the code lens with that text; the first, if several lines have one. */
  async clickCodeLens(text: string): Promise<void> {
    const lens = this.editor.locator('.codelens-decoration a').getByText(text, { exact: true });
    await lens.first().click();
  }

  /** Right-clicks, and takes an item of the menu that comes. */
  async chooseFromMenu(on: Locator, item: string): Promise<void> {
    await on.click({ button: 'right' });
    const entry = this.page.getByRole('menuitem', { name: item });
    await entry.waitFor();
    // A menu takes no notice of a click that comes right behind the one that opened it.
    await this.#poll('the menu to close', async () => {
      if (!(await entry.isVisible())) return true;
      await this.page.waitForTimeout(100);
      await entry.click({ timeout: 1000 }).catch(() => {});
      return undefined;
    });
  }

  /** Gives the keyboard to the active editor. */
  async focusEditor(): Promise<void> {
    const { editor } = this;
    await editor.locator('textarea.inputarea, .native-edit-context').first().focus();
    await editor.and(this.page.locator('.focused')).waitFor();
  }

  /** Puts the cursor at a line and a column, both counted from 1. */
  async goTo(line: number, column: number): Promise<void> {
    await this.focusEditor();
    await this.page.keyboard.press('Control+G');
    const input = this.page.locator('.quick-input-widget input.input');
    await input.waitFor();
    await input.fill(`:${line}:${column}`);
    await input.press('Enter');
    await this.#closed(this.page.locator('.quick-input-widget'));
    await this.focusEditor();
    await this.page
      .locator('.statusbar-item', { hasText: new RegExp(`Ln ${line}, Col ${column}\\b`) })
      .waitFor();
  }

  /** Types at the cursor, key by key, as a person does. */
  async type(text: string): Promise<void> {
    await this.focusEditor();
    await this.page.keyboard.type(text);
  }

  /** Replaces the whole text of the active editor. */
  async replaceText(text: string): Promise<void> {
    await this.focusEditor();
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.insertText(text);
  }

  /** Saves the active editor. */
  async save(): Promise<void> {
    await this.focusEditor();
    await this.page.keyboard.press('ControlOrMeta+S');
    await this.#closed(this.page.locator('.editor-group-container.active .tab.active.dirty'));
  }

  /** Waits for exactly `count` visible squiggles in the active editor. */
  async waitForSquiggles(severity: Severity, count: number): Promise<void> {
    const squiggles = this.editor.locator(`.squiggly-${severity}`);
    await this.#poll(`${count} squiggles (${severity})`, async () => {
      return (await squiggles.count()) === count ? true : undefined;
    });
  }

  /** Opens the Problems view and reads its rows, once there is one that contains `containing`. */
  async problems(containing: string): Promise<readonly string[]> {
    await this.runCommand('Problems: Focus on Problems View');
    const rows = this.page.locator('.markers-panel .monaco-list-row');
    await rows.filter({ hasText: containing }).first().waitFor();
    return rows.allInnerTexts();
  }

  /**
   * Rests the mouse on a character and reads the hover that comes, once it contains `containing`.
   */
  async hover(line: number, column: number, containing = ''): Promise<string> {
    await this.goTo(line, column);
    await this.page.mouse.move(0, 0);
    const hover = this.page.locator('.monaco-hover:visible');
    await this.#closed(hover);
    let pointed = 0;
    return this.#poll(`a hover with “${containing}”`, async () => {
      const text = (await hover.allInnerTexts()).join('\n').trim();
      if (text !== '' && !text.startsWith('Loading') && text.includes(containing)) return text;
      // A hover that was asked for too early, or whose line moved under a late code lens, does not come by itself.
      if (Date.now() - pointed > hoverPatience) {
        await this.#pointAtCursor();
        pointed = Date.now();
      }
      return undefined;
    });
  }

  async #pointAtCursor(): Promise<void> {
    await this.page.mouse.move(0, 0);
    const cursor = await this.editor.locator('.cursors-layer .cursor').first().boundingBox();
    if (cursor === null) throw new Error('The active editor shows no cursor.');
    const y = cursor.y + cursor.height / 2;
    // Two moves, since one alone may arrive before the editor listens.
    await this.page.mouse.move(cursor.x + 1, y);
    await this.page.mouse.move(cursor.x + 4, y);
  }

  /** What a run has put at the ends of lines, as it is drawn: behind the text, so that no element has it as its own. */
  lineValues(): Promise<readonly { readonly content: string; readonly color: string }[]> {
    return this.editor.locator('.view-line span').evaluateAll((spans) =>
      spans.flatMap((span) => {
        const { content, color } = getComputedStyle(span, '::after');
        return content.includes('±') ? [{ content, color }] : [];
      }),
    );
  }

  /** The document of the webview in which `selector` is visible. */
  async webview(selector: string): Promise<Frame> {
    return this.#poll(`a webview with ${selector}`, async () => {
      for (const frame of this.page.frames()) {
        const isInner = frame.parentFrame()?.parentFrame() === this.page.mainFrame();
        // A frame may go away while it is asked.
        const isShown = isInner && (await frame.isVisible(selector).catch(() => false));
        if (isShown) return frame;
      }
      return undefined;
    });
  }

  /** Waits for a notification that contains a text, and reads it. */
  async notification(containing: string): Promise<string> {
    const toast = this.page.locator('.notification-toast').filter({ hasText: containing }).first();
    await toast.waitFor();
    return (await toast.allInnerTexts()).join('');
  }

  /** Waits for an item of the status bar that contains a text, and reads it. */
  async statusBarItem(containing: string): Promise<string> {
    const item = this.page.locator('.statusbar-item').filter({ hasText: containing }).first();
    await item.waitFor();
    return (await item.allInnerTexts()).join('');
  }

  /** Photographs the window, or a part of it, into a PNG file. */
  async screenshot(file: string, part?: Locator): Promise<void> {
    await mkdir(dirname(file), { recursive: true });
    const options = { path: file, animations: 'disabled', caret: 'initial' } as const;
    await (part === undefined ? this.page.screenshot(options) : part.screenshot(options));
  }

  /** Closes editors and panel, and makes the files those of `folder` again. What ran is not forgotten. */
  async startOver(folder: string): Promise<void> {
    const tabs = this.page.locator('.editor-group-container .tab');
    for (let left = await tabs.count(); left > 0; left -= 1) {
      await this.runCommand('View: Revert and Close Editor');
      await this.#poll('it to close', async () => ((await tabs.count()) < left ? true : undefined));
    }
    if (await this.page.locator('.part.panel').isVisible()) {
      await this.runCommand('View: Hide Panel');
    }
    await cp(folder, this.folder, { recursive: true });
  }

  /** Closes the window and deletes the copy. */
  async close(): Promise<void> {
    await this.#context.close();
    await rm(dirname(this.folder), { recursive: true, force: true });
  }

  /** Opens a quick pick by a key, types into it, and takes the row with that label. */
  async #pick(key: string, text: string, label: string): Promise<void> {
    // Whatever takes the focus closes a quick pick, and a window that starts or is trusted does that late.
    for (let tries = 3; tries > 1; tries -= 1) {
      await this.page.keyboard.press(key);
      const found = await this.#find(text, label, limit / 3).catch(() => undefined);
      if (found !== undefined) return this.#take(found);
      await this.page.keyboard.press('Escape');
    }
    await this.page.keyboard.press(key);
    await this.#take(await this.#find(text, label, limit));
  }

  /** Types into the quick pick that is open, and goes to the row with that label. */
  async #find(text: string, label: string, timeout: number): Promise<Locator> {
    const widget = this.page.locator('.quick-input-widget');
    const input = widget.locator('input.input');
    await input.fill(text, { timeout });
    // What was typed is an element of its own within a label, so that only the whole of it tells `Run` from `Run…`.
    const whole = new RegExp(`^${label.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`);
    const name = this.page.locator('.label-name', { hasText: whole });
    const row = widget.locator('.monaco-list-row').filter({ has: name }).first();
    await row.waitFor({ timeout });
    // What was used last may stand before it.
    const isChosen = () => row.and(this.page.locator('.focused')).isVisible();
    for (let i = 0; i < 10 && !(await isChosen()); i++) await input.press('ArrowDown');
    await row.and(this.page.locator('.focused')).waitFor({ timeout });
    return row;
  }

  /** Takes the chosen row. The command behind it may open the next pick at once. */
  async #take(row: Locator): Promise<void> {
    await this.page.locator('.quick-input-widget input.input').press('Enter');
    await this.#closed(row);
  }

  async #closed(locator: Locator): Promise<void> {
    await this.#poll('it to close', async () => ((await locator.isVisible()) ? undefined : true));
  }

  /** Asks again until there is an answer. */
  async #poll<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
    const end = Date.now() + limit;
    for (;;) {
      const answer = await ask();
      if (answer !== undefined) return answer;
      if (Date.now() > end) throw new Error(`Waited ${limit / 1000} s in vain for ${what}.`);
      await this.page.waitForTimeout(50);
    }
  }
}
