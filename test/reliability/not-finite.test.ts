/** NaN and infinities in any value never break a view, a hover, a line's value or a file: they are shown as what they are. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { readNpy } from '../../src/formats/index.ts';
import { Session } from '../../src/session/session.ts';
import { type AskedView, lineText } from '../../src/views/index.ts';
import { scratchFolder } from '../formats/scratch-folder.ts';
import { engineOf } from '../session/engines.ts';
import { record } from './figures.ts';

const folder = scratchFolder();
const session = new Session(await engineOf('reference'));
afterAll(() => session.close());

const example = readFileSync(
  fileURLToPath(new URL('../../examples/decoder.tblock', import.meta.url)),
  'utf8',
);
const uri = 'file:///not-finite.tblock';

/** What takes the place of a value, and where. */
const kinds: Readonly<Record<string, string>> = {
  NaN: '0 / 0',
  'an infinity': '1 / 0',
  'both infinities and NaN': 'self / 0 * where(self > 0, 1, -1)',
};
const places = [
  'positions',
  'blocks.0.x#1',
  'blocks.0.attn.scores',
  'blocks.1.attn.pattern',
  'blocks.1.x',
];

const views: readonly AskedView[] = [
  { view: 'summary', params: {} },
  { view: 'residualStream', params: { stream: 0, step: 1, token: 2 } },
  { view: 'attentionHeads', params: {} },
  ...(['head', 'layer', 'model', 'rollout'] as const).map((kind) => ({
    view: 'attention' as const,
    params: { kind, pattern: 1, head: 0, weighted: true, token: 3 },
  })),
  { view: 'whyScore', params: { pattern: 1, head: 0, query: 3, key: 1 } },
  { view: 'flow', params: { stream: 0, layer: 0 } },
  { view: 'logits', params: { position: 4 } },
  { view: 'lens', params: { positions: [0, 4], id: 3 } },
  { view: 'attribution', params: { position: 4, id: 3 } },
  { view: 'shapes', params: {} },
  { view: 'facets', params: { path: 'blocks.0.attn.pattern', slice: [] } },
  ...['logits', 'blocks.0.attn.pattern', 'blocks.1.attn.z'].flatMap(
    (path): readonly AskedView[] => [
      { view: 'tensor', params: { path, slice: [] } },
      ...(['numpy', 'markdown', 'csv'] as const).map((format) => ({
        view: 'tensorText' as const,
        params: { path, slice: [], format },
      })),
    ],
  ),
];

describe.each(Object.entries(kinds))('with %s', (_, value) => {
  test.each(places)('in %s every view answers', { timeout: 60_000 }, async (place) => {
    const text = `${example}run broken for Decoder {\n  tokens = [3, 14, 15, 9, 26]\n  patch ${place} = ${value}\n}\n`;
    const outcome = await session.run(
      { uri, documents: { [uri]: text }, target: 'broken', backend: 'cpu' },
      () => {},
    );
    expect(outcome).toMatchObject({ kind: 'done', problems: [] });

    for (const asked of views) {
      const answer = await session.view({ ...asked, program: uri }).catch((error: Error) => {
        // The lens needs what follows a step to go row by row, and a patch does not.
        if (asked.view === 'lens' && /no logits/.test(error.message)) return error.message;
        throw error;
      });
      expect(answer, asked.view).toBeDefined();
      // As it crosses to the editor.
      structuredClone(answer);
    }
    const difference = { run: session.runs(uri).at(-1)?.id ?? 0, as: 'difference' } as const;
    await session.view({ view: 'comparison', params: {}, program: uri, of: difference });
    await hoversAndFiles(text);
  });
});

async function hoversAndFiles(text: string): Promise<void> {
  const lines = await session.lineValues(uri);
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) {
    const { text: shown, trouble } = lineText(line);
    expect(`${shown} ${trouble}`).not.toContain('undefined');
    const { nan = 0, infinite = 0 } = line.look?.statistics ?? {};
    expect(trouble === '').toBe(nan + infinite === 0);
  }
  const peek = await session.peek(uri, text.indexOf('logits = Unembed') + 1, 'dark');
  expect(peek?.firstValues).toMatch(/nan|inf/);
  expect([...(peek?.picture.slice(1, 4) ?? [])]).toEqual(
    [...'PNG'].map((letter) => letter.charCodeAt(0)),
  );
  expect(await session.printTensor(uri, 'logits')).toMatch(/nan|inf/);
  await session.saveTensor(uri, 'logits', folder.path('logits.npy'));
  const saved = readNpy(folder.path('logits.npy'));
  expect(saved.ok && [...saved.value.data].some((number) => !Number.isFinite(number))).toBe(true);
  await session.saveTensor(uri, 'logits', folder.path('logits.csv'));
  expect(readFileSync(folder.path('logits.csv'), 'utf8')).toMatch(/nan|inf/i);
}

afterAll(() =>
  record('not finite', {
    values: Object.keys(kinds).length,
    places: places.length,
    views: views.length + 1,
  }),
);
