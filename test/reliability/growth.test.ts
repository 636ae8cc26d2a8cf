/** Work that is done a hundred times takes no more room than work that is done ten times; large things are answered. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SymbolInformation } from 'vscode-languageserver/node.js';
import { uriOf } from '../../src/files/index.ts';
import { record, scaled } from './figures.ts';
import { buildProcesses, EngineProcess, ServerProcess } from './processes.ts';

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tblock-growth-'));
  await buildProcesses();
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const mebibyte = 2 ** 20;

const model = (seed: number) => `dims { T = 16, d = 64 }
model Deep {
  input x: [T, d]
  repeat 48 as blocks {
    x = PreNormBlock(x, heads: 4, hidden: 4 * d, causal: true, bias: true)
  }
  output y = x
}
run demo for Deep { seed = ${seed} }
`;

describe('a model of 48 layers', () => {
  const times = scaled(6, 100);

  test(`run ${times} times, each with other numbers: the engine holds no more`, {
    timeout: 1_200_000,
  }, async () => {
    const engine = new EngineProcess();
    try {
      const uri = uriOf(join(folder, 'deep.tblock'));
      const held: number[] = [];
      for (let i = 0; i < times; i++) {
        expect((await engine.run(uri, model(i))).kind).toBe('done');
        const view = {
          program: uri,
          view: 'residualStream',
          params: { stream: 0, step: 0, token: 0 },
        } as const;
        await engine.rpc.ask('view', view);
        held.push(engine.memory / mebibyte);
      }
      growsNot('engine growth', held);
    } finally {
      engine.close();
    }
  });

  test(`opened and closed ${times} times: the language server holds no more`, {
    timeout: 1_200_000,
  }, async () => {
    const server = await ServerProcess.start(null);
    try {
      const held: number[] = [];
      for (let i = 0; i < times; i++) {
        const uri = uriOf(join(folder, `deep-${i}.tblock`));
        await server.show(uri, model(i), 1);
        await server.diagnostics(uri, 1);
        await server.hide(uri);
        held.push(server.memory / mebibyte);
      }
      growsNot('server growth', held);
    } finally {
      server.close();
    }
  });
});

test('a workspace of 500 programs: a name in any of them is found', {
  timeout: 300_000,
}, async () => {
  const root = join(folder, 'many');
  for (let i = 0; i < 500; i++) {
    const part = join(root, `part${i % 20}`);
    mkdirSync(part, { recursive: true });
    writeFileSync(join(part, `p${i}.tblock`), program(i));
  }
  const server = await ServerProcess.start(uriOf(root));
  try {
    const uri = uriOf(join(root, 'part0/p0.tblock'));
    const start = performance.now();
    await server.show(uri, program(0), 1);
    expect(await server.diagnostics(uri, 1)).toEqual([]);
    const opened = performance.now();
    const found = await server.connection.sendRequest<SymbolInformation[]>('workspace/symbol', {
      query: 'Block499',
    });
    expect(found.map(({ name }) => name)).toEqual(['Block499']);
    const searched = performance.now();
    await server.connection.sendRequest('workspace/symbol', { query: 'Block498' });
    record('many files', {
      opened: opened - start,
      searched: searched - opened,
      again: performance.now() - searched,
      memory: server.memory / mebibyte,
    });
  } finally {
    server.close();
  }
});

const program = (i: number) =>
  `dims { d = 8 }\nblock Block${i}(x: [4, d]) -> [4, d] {\n  param W: [d, d]\n  return LayerNorm(x @ W)\n}\nrun demo for Block${i} { seed = ${i} }\n`;

const blocksOf = (megabytes: number) => {
  const blocks: string[] = [];
  for (let i = 0, length = 0; length < megabytes * 1e6; i++) {
    const block = `/// Block number ${i} of a very long file.\nblock Long${i}(x: [64, 32]) -> [64, 32] {\n  param W: [32, 32] = normal(std: 0.02)\n  y = LayerNorm(x) @ W\n  return y + x\n}\n\n`;
    blocks.push(block);
    length += block.length;
  }
  return blocks.join('');
};

describe('a long file', () => {
  const size = scaled(0.02, 0.9);
  test(`of ${size} MB is checked, and one more letter is too`, { timeout: 600_000 }, async () => {
    const server = await ServerProcess.start(null);
    try {
      const [text, uri] = [blocksOf(size), uriOf(join(folder, 'long.tblock'))];
      const start = performance.now();
      await server.show(uri, text, 1);
      expect(await server.diagnostics(uri, 1)).toEqual([]);
      const opened = performance.now();
      await server.show(uri, text.replace('return y + x', 'return y + z'), 2);
      expect(await server.diagnostics(uri, 2)).toHaveLength(1);
      const figures = { opened: opened - start, edited: performance.now() - opened };
      record('long file', { megabytes: size, ...figures, memory: server.memory / mebibyte });
    } finally {
      server.close();
    }
  });

  test('of 5 MB is shown unchecked, with one message, by the server and by the engine', {
    timeout: 60_000,
  }, async () => {
    const server = await ServerProcess.start(null);
    const engine = new EngineProcess();
    try {
      const [text, uri] = [blocksOf(5), uriOf(join(folder, 'longest.tblock'))];
      const start = performance.now();
      await server.show(uri, text, 1);
      const found = await server.diagnostics(uri, 1);
      const opened = performance.now() - start;
      expect(found.map(({ code, message }) => `${code} ${message}`)).toEqual([
        'TB205 This file has 5.0 MB, and TBlock reads programs of up to 1.0 MB. Move blocks into files of their own, and import them.',
      ]);
      const position = { line: 4, character: 6 };
      for (const method of [
        'completion',
        'hover',
        'formatting',
        'documentSymbol',
        'foldingRange',
      ]) {
        const options = { tabSize: 2, insertSpaces: true };
        await server.connection.sendRequest(`textDocument/${method}`, {
          textDocument: { uri },
          position,
          options,
        });
      }
      const answered = performance.now() - start - opened;
      const outcome = await engine.run(uri, text);
      expect(outcome).toMatchObject({ kind: 'rejected', problems: [{ code: 'TB205' }] });
      record('longest file', { opened, answered, memory: server.memory / mebibyte });
    } finally {
      server.close();
      engine.close();
    }
  });
});

/** After it has settled, what a process holds may go up and down, and does not go on upwards. */
function growsNot(row: string, held: readonly number[]): void {
  const third = Math.floor(held.length / 3);
  const most = (from: number, to?: number) => Math.max(...held.slice(from, to));
  const [middle, late] = [most(third, 2 * third), most(2 * third)];
  record(row, { times: held.length, first: held[0] ?? Number.NaN, middle, late });
  if (!Number.isNaN(late)) expect(late).toBeLessThan(middle * 1.15 + 40);
}
