import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Workbench, WorkbenchHost } from '../vscode/workbench.ts';
import { examples, picture, placeIn } from './places.ts';

/** As people have it: Enter indents, and brackets close. */
const settings = {
  'editor.autoIndent': 'full',
  'editor.autoClosingBrackets': 'languageDefined',
  'editor.autoClosingQuotes': 'languageDefined',
};

const written = `dims {
  N = 6
  d = 16
  heads = 4
  d_ff = 4 * d
}

block Mine(x: [N, d]) -> [N, d] {
  x += MultiHeadAttention(x, heads: heads)
  x += FFN(x, hidden: d_ff)
  return x
}

model Stack {
  input x: [N, d] = normal(seed: 1)
  repeat 3 as blocks {
    x = Mine(x)
  }
  output y = x
}
`;

describe('writing in the workbench', () => {
  let host: WorkbenchHost;
  let workbench: Workbench;

  beforeAll(async () => {
    host = await WorkbenchHost.start({ settings });
    workbench = await host.open(examples);
  });
  afterAll(async () => {
    await workbench?.close();
    await host?.close();
  });
  afterEach(() => workbench.startOver(examples));

  it('shapes stand at the ends of lines, and after a run the values, greyed by an edit', async () => {
    await workbench.openFile('post-norm.tblock');
    const hint = workbench.editor.getByText('[N, d]', { exact: false });
    await hint.first().waitFor();
    await workbench.screenshot(picture('inlay-hints'));

    await workbench.clickCodeLens('▷ Run');
    await workbench.statusBarItem('· PostNorm');
    await expect.poll(async () => (await workbench.lineValues()).length).toBeGreaterThan(4);
    const [fresh] = await workbench.lineValues();
    expect(fresh?.content).toContain('[3,\u00a04]');
    await workbench.screenshot(picture('line-values'));

    await workbench.goTo(...placeIn('post-norm.tblock', '  t2 = t1 + x‸'));
    await workbench.type(' * 2');
    await expect.poll(async () => (await workbench.lineValues())[0]?.color).not.toBe(fresh?.color);
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

  it('a block and a model are written from nothing, with little more than their beginnings', async () => {
    await writeFile(join(workbench.folder, 'new.tblock'), '');
    await workbench.openFile('new.tblock');
    const { keyboard } = workbench.page;
    const list = workbench.page.locator('.suggest-widget.visible');
    /** Takes what is offered first. */
    const completed = async (beginning: string, label: string) => {
      await workbench.type(beginning);
      const first = list.locator('.monaco-list-row.focused', { hasText: label });
      // Asked again, because the language server may still be starting.
      await expect
        .poll(
          async () => {
            const isShown = await first.isVisible();
            if (!isShown) await keyboard.press('Control+Space');
            return isShown;
          },
          { timeout: 30_000, interval: 500 },
        )
        .toBe(true);
      await keyboard.press('Tab');
      await expect.poll(() => list.isVisible()).toBe(false);
    };
    /** Fills the fields of a snippet and leaves it. */
    const filled = async (...fields: readonly string[]) => {
      for (const field of fields) {
        if (field !== '') await workbench.type(field);
        await keyboard.press('Tab');
      }
    };

    await completed('dim', 'dims');
    await filled('', '6', '', '16');
    await keyboard.press('ArrowUp');
    await keyboard.press('End');
    await workbench.type('\nheads = 4\nd_ff = 4 * d');
    await keyboard.press('Escape');
    await keyboard.press('ArrowDown');
    await keyboard.press('End');
    await workbench.type('\n\n');
    await completed('blo', 'block');
    await filled('Mine', '', '');
    await completed('x += Mul', 'MultiHeadAttention');
    await keyboard.press('End');
    await workbench.type('\n');
    await completed('x += FF', 'FFN');
    await workbench.screenshot(picture('writing-a-block'));
    await keyboard.press('Escape');
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    await keyboard.press('End');
    await workbench.type('\n\n');
    await completed('mod', 'model');
    await filled('Stack', '3', '');
    await keyboard.press('ArrowDown');
    await keyboard.press('End');
    await workbench.type('\n');
    await workbench.save();

    expect(await readFile(join(workbench.folder, 'new.tblock'), 'utf8')).toBe(written);
    await workbench.waitForSquiggles('error', 0);
    await workbench.screenshot(picture('written-from-nothing'));
  });

  it('Enter keeps the indentation of a statement, and leaves that of a block', async () => {
    await workbench.openFile('post-norm.tblock');
    await workbench.goTo(...placeIn('post-norm.tblock', '  return h‸\n}\n\nmodel'));
    await workbench.type('\nz');
    await workbench.goTo(...placeIn('post-norm.tblock', 'block PostNorm(x: [N, d]) -> [N, d] {‸'));
    await workbench.type('\nz');
    await workbench.save();

    const text = await readFile(join(workbench.folder, 'post-norm.tblock'), 'utf8');
    expect(text).toContain('  return h\n  z\n}\n');
    expect(text).toContain('-> [N, d] {\n  z\n  t1 =');
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
