/** What the processes say once they were started in Portuguese. The texts are looked up as modules are loaded. */
import { readFileSync } from 'node:fs';
import { config } from '@vscode/l10n';
import { afterAll, beforeAll, expect, test } from 'vitest';

const bundle = new URL('../../l10n/bundle.l10n.pt-br.json', import.meta.url);

beforeAll(async () => {
  config({ contents: JSON.parse(readFileSync(bundle, 'utf8')) });
  // Loading all of it takes longer than any test should.
  await import('../../src/session/index.ts');
}, 60_000);
afterAll(() => config({ contents: {} }));

async function messagesOf(text: string): Promise<readonly string[]> {
  const { analyze } = await import('../../src/analysis/index.ts');
  const { diskFiles } = await import('../../src/session/index.ts');
  return analyze('file:///programa.tblock', text, diskFiles()).diagnostics.map(
    ({ message }) => message,
  );
}

test('a shape error, with both shapes and the way out', async () => {
  const text = 'dims { N = 2, d = 3 }\nblock B(x: [N, d], y: [N, d]) -> [N, N] { return x @ y }';
  expect(await messagesOf(text)).toMatchInlineSnapshot(`
    [
      "Os eixos de x e y não concordam: d = 3 e N = 2.
      x  [N, d]     = [2, 3]
      y     [N, d]  =    [2, 3]
             ~
      Concordariam com d = N.",
    ]
  `);
});

test('a name that is not known, and the one that may be meant', async () => {
  const text = 'block B(entrada: [4]) -> [4] { return entrad }';
  expect(await messagesOf(text)).toMatchInlineSnapshot(`
    [
      "Nenhum valor entrad é conhecido aqui. Você quis dizer entrada?",
    ]
  `);
});

test('what the parser expected', async () => {
  expect(await messagesOf('block B(x: [4]) -> [4] { return x + }')).toMatchInlineSnapshot(`
    [
      "Esperava-se uma expressão depois de \`+\`.",
    ]
  `);
});

test('a file without anything to run', async () => {
  const { openEngine } = await import('../../src/engine/index.ts');
  const { diskFiles, runProgram } = await import('../../src/session/index.ts');
  const engine = openEngine({});
  const outcome = await runProgram(
    engine,
    {
      uri: 'file:///vazio.tblock',
      text: '',
      files: diskFiles(),
      target: undefined,
      backend: 'reference',
    },
    { signal: new AbortController().signal, progress: () => {} },
  );
  await engine.close();
  expect(outcome.kind === 'rejected' && outcome.diagnostics[0]?.message).toMatchInlineSnapshot(
    `"Este arquivo não declara execução, modelo nem bloco, então não há nada para executar."`,
  );
});
