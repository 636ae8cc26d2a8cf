import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Workbench, WorkbenchHost } from '../vscode/workbench.ts';
import { examples, picture } from './places.ts';

describe('in a VS Code that speaks Portuguese', () => {
  let host: WorkbenchHost;
  let workbench: Workbench;

  beforeAll(async () => {
    host = await WorkbenchHost.start();
    workbench = await host.open(examples, { language: 'pt-br' });
  });
  afterAll(async () => {
    await workbench?.close();
    await host?.close();
  });

  it('commands, code lenses, messages and the inspector are in Portuguese', async () => {
    await workbench.openFile('post-norm.tblock');
    await workbench.clickCodeLens('▷ Executar');
    await workbench.statusBarItem('· PostNorm');
    await workbench.runCommand('TBlock: Abrir inspetor');
    const inspector = await workbench.webview('.inspector');
    const tabs = await inspector.locator('[role="tab"]').allInnerTexts();
    expect(tabs.map((tab) => tab.trim())).toContain('Fluxo residual');
    await workbench.screenshot(picture('pt-br-inspector'));
  });

  it('a diagnostic and its quick fix are in Portuguese', async () => {
    await workbench.openFile('shape-errors.tblock');
    const problems = await workbench.problems('concordam');
    expect(problems.join('\n')).toContain('Os eixos');
    await workbench.screenshot(picture('pt-br-problems'));
  });
});
