import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { folderOf } from '../models/checkpoints.ts';
import { buildCommand, root, tblock } from './bundled-command.ts';

let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tblock-cli-'));
  await buildCommand();
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

const checkpoint = relative(root, folderOf('llama'));

test('writes a program that runs on the weights where they are', async () => {
  const file = join(folder, 'inner', 'llama.tblock');
  const written = await tblock(['import', 'hf', checkpoint, '--out', file]);
  expect(written).toMatchObject({ code: 0, out: '' });
  expect(written.err).toMatch(/^Wrote .*llama\.tblock: Llama, and a run to begin with\.\n$/);

  const ran = await tblock(['run', file, '--backend', 'reference']);
  expect(ran).toMatchObject({ code: 0 });
  expect(ran.out).toContain('logits');
});

test('does not replace a file unless it is told to', async () => {
  const file = join(folder, 'twice.tblock');
  await tblock(['import', 'hf', checkpoint, '--out', file]);
  const again = await tblock(['import', 'hf', checkpoint, '--out', file]);
  expect(again).toMatchObject({ code: 2, out: '' });
  expect(again.err).toContain('is there already: name another with --out, or add --force.');
  const forced = await tblock(['import', 'hf', checkpoint, '--out', file, '--force']);
  expect(forced.code).toBe(0);
});

test('--out - prints the program', async () => {
  const { code, out } = await tblock(['import', 'hf', checkpoint, '--out', '-']);
  expect(code).toBe(0);
  expect(out).toMatch(/^\/\/\/ Llama .*\ndims \{/);
  expect(out).toContain('weights checkpoint = "model.safetensors" {');
});

test.each([
  [['import'], 2, 'Name a folder with a config.json: tblock import hf DIR.'],
  [['import', 'onnx', 'folder'], 2, 'Name a folder with a config.json'],
  [['import', 'hf', 'examples'], 2, 'config.json": there is no such file'],
])('%j ends with %i', async (args, code, message) => {
  const ended = await tblock(args);
  expect(ended).toMatchObject({ code, out: '' });
  expect(ended.err).toContain(message);
});
