/** The packages as users have them: installed by the command line of VS Code, and used. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ownTarget, targets } from '../../packaging/targets.mjs';
import { softwareVulkan } from '../vscode/host/install.mjs';
import { type Workbench, WorkbenchHost } from '../vscode/workbench.ts';
import { examples, picture, placeIn } from '../workbench/places.ts';
import { type Made, makePackages } from './made.ts';

const own = ownTarget() ?? 'universal';

describe('an installed package', () => {
  let made: Made;
  let host: WorkbenchHost | undefined;
  let workbench: Workbench | undefined;

  beforeAll(async () => {
    made = await makePackages([own, 'universal']);
  });
  afterEach(async () => {
    await workbench?.close();
    await host?.close();
  });

  async function installed(target: string, env: Record<string, string>): Promise<Workbench> {
    host = await WorkbenchHost.start({ package: made.of(target).file, env });
    workbench = await host.open(examples, { size: { width: 1600, height: 900 } });
    return workbench;
  }

  it('without a native module checks, runs on the processor and says why, and draws', async () => {
    const bench = await installed('universal', {});
    await bench.openFile('shape-errors.tblock');
    await bench.waitForSquiggles('error', 5);

    await bench.openFile('pre-norm.tblock');
    await bench.runCommand('TBlock: Run');
    expect(await bench.statusBarItem('· demo')).toMatch(/cpu · demo .* ms/);
    await bench.page.locator('.statusbar-item', { hasText: '· demo' }).first().hover();
    const why = bench.page.locator('.monaco-hover:visible', {
      hasText: 'without the native module',
    });
    await why.waitFor();
    await bench.screenshot(picture('run'));

    await bench.runCommand('TBlock: Open Inspector');
    const inspector = await bench.webview('.inspector');
    await inspector.getByRole('tab', { name: 'Residual stream' }).click();
    const canvas = inspector.locator('canvas').first();
    await canvas.waitFor();
    await expect.poll(() => canvas.evaluate(coloursOf)).toBeGreaterThan(8);
  });

  it('of this platform runs on the GPU through its native module', async () => {
    const vulkan = await softwareVulkan();
    const bench = await installed(own, { ...vulkan, TBLOCK_SOFTWARE_GPU: '1' });
    await bench.openFile('post-norm.tblock');
    await bench.clickCodeLens('▷ Run');

    const expected = vulkan !== undefined && targets[own]?.native !== undefined ? 'gpu' : 'cpu|gpu';
    expect(await bench.statusBarItem('· PostNorm')).toMatch(new RegExp(`(${expected}) · PostNorm`));
    const hover = await bench.hover(...placeIn('post-norm.tblock', 't‸3 = LayerNorm'), 'mean');
    expect(hover).toContain('Last run');
  });
});

/** How many colours a canvas shows. */
function coloursOf(canvas: SVGElement | HTMLElement): number {
  const context = (canvas as HTMLCanvasElement).getContext('2d');
  const { width, height } = canvas as HTMLCanvasElement;
  const { data } = context?.getImageData(0, 0, width, height) ?? { data: [] };
  return new Set(new Uint32Array(Uint8ClampedArray.from(data).buffer)).size;
}
