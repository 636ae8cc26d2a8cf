import { test } from 'vitest';
import { photograph, startGallery } from './gallery-page.ts';
test('look', async () => {
  const gallery = await startGallery();
  try {
    for (const [name, query, tab, size] of [
      ['stream-dark', 'trace=small&theme=dark', '', [1100, 900]],
      ['attention-light', 'trace=large&theme=light', 'Attention', [1100, 900]],
      ['attention-dark', 'trace=small&theme=dark', 'Attention', [1000, 800]],
      ['shapes-dark', 'trace=small&theme=dark', 'Shapes', [1000, 800]],
      ['tensor-light', 'trace=large&theme=light', 'Tensor', [1000, 800]],
      ['tensor-hc', 'trace=small&theme=contrast', 'Tensor', [1000, 800]],
      ['stream-hc', 'trace=large&theme=contrast', '', [1300, 900]],
      ['stream-narrow', 'trace=small&theme=dark', '', [300, 800]],
      ['attention-narrow', 'trace=small&theme=light', 'Attention', [300, 800]],
      ['shapes-narrow', 'trace=small&theme=light', 'Shapes', [300, 800]],
      ['stale', 'trace=small&theme=dark&state=stale', '', [700, 500]],
      ['running', 'trace=small&theme=dark&state=running', '', [500, 400]],
      ['failed', 'trace=small&theme=light&state=failed', '', [500, 400]],
      ['empty', 'trace=small&theme=dark&state=empty', '', [500, 400]],
    ] as const) {
      const { page, complaints } = await gallery.open(query, {width:size[0],height:size[1]});
      if (tab) await page.getByRole('tab', {name: tab}).click();
      if (name.startsWith('tensor')) await page.getByRole('option', {name: name === 'tensor-hc' ? 'probe' : 'blocks.3.attn.scores'}).first().click();
      await page.waitForTimeout(400);
      if (name==='attention-dark') { await page.locator('.heatmap-map canvas').hover({position:{x:180,y:200}}); }
      await photograph(page, name);
      console.log(name, complaints, await page.evaluate('document.documentElement.scrollWidth'));
      await page.close();
    }
  } finally { await gallery.close(); }
}, 100000);
