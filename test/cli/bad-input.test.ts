/** Whatever the input: a coded message at the right place, the right exit code, an end. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keyedStream, type WritableTensor, writeSafetensors } from '../../src/formats/index.ts';
import { buildCommand, tblock } from './bundled-command.ts';

let folder = '';
const inFolder = (name: string) => join(folder, name);

const program = `dims { d = 4 }

block B(x: [2, d]) -> [2, d] {
  param W: [d, d]
  param b: [d] = zeros
  return x @ W + b
}

weights mapped = "weights.safetensors" {
  W <- "proj.weight".T
  b <- "proj.bias"
}

run direct for B { weights = "weights.safetensors" }
run through for B { weights = mapped }
`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tblock-bad-'));
  writeFileSync(inFolder('program.tblock'), program);
  await buildCommand();
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: readonly string[]) =>
  tblock(['run', 'program.tblock', '--backend', 'reference', ...args], { cwd: folder });

function writeWeights(tensors: Readonly<Record<string, WritableTensor>>): void {
  const written = writeSafetensors(
    inFolder('weights.safetensors'),
    new Map(Object.entries(tensors)),
  );
  if (!written.ok) throw new Error(written.error.message);
}

const zeros = (...shape: number[]): WritableTensor => ({
  shape,
  data: new Float32Array(shape.reduce((product, length) => product * length, 1)),
});

test('weights by path and through a mapping', async () => {
  writeWeights({ W: zeros(4, 4), b: zeros(4), 'proj.weight': zeros(4, 4), 'proj.bias': zeros(4) });
  expect((await run('--run', 'direct')).code).toBe(0);
  expect((await run('--run', 'through')).code).toBe(0);
  expect((await run('--model', 'B', '--weights', 'mapped')).code).toBe(0);
  expect((await run('--run', 'through', '--weights', inFolder('weights.safetensors'))).code).toBe(
    0,
  );
});

test('a parameter that the file lacks', async () => {
  writeWeights({ W: zeros(4, 4) });
  const { code, out, err } = await run('--run', 'direct');
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(/^program.tblock:14:30: error TB206 .* has no tensor b for b, \[4\]/);
});

test('a parameter of another shape, whose transpose fits', async () => {
  writeWeights({ W: zeros(4, 4), b: zeros(5), 'proj.weight': zeros(6, 4), 'proj.bias': zeros(4) });
  const direct = await run('--run', 'direct');
  expect(direct.code).toBe(1);
  expect(direct.err).toMatch(/^program.tblock:14:30: error TB207 b gives \[5\], but b is \[4\]/);
  const through = await run('--run', 'through');
  expect(through.err).toMatch(
    /^program.tblock:10:8: error TB207 proj.weight gives \[4, 6\], but W is \[4, 4\]/m,
  );
});

test('missing weights', async () => {
  const { code, err } = await run('--run', 'direct', '--weights', 'nowhere.safetensors');
  expect(code).toBe(2);
  expect(err).toMatch(
    /^program.tblock:14:5: error TB205 Cannot read ".*nowhere.safetensors": there is no such file/,
  );
});

test.each([
  ['empty', Buffer.alloc(0)],
  ['shorter than a header', Buffer.from([1, 2, 3])],
  [
    'with a header longer than the file',
    Buffer.from('\u00ff\u0000\u0000\u0000\u0000\u0000\u0000\u0000{}', 'latin1'),
  ],
  ['of random bytes', noise(4096)],
  [
    'with a header that is no JSON',
    Buffer.from('\u0008\u0000\u0000\u0000\u0000\u0000\u0000\u0000{"W": [}', 'latin1'),
  ],
])('weights %s', async (_, bytes) => {
  writeFileSync(inFolder('broken.safetensors'), bytes);
  const { code, out, err } = await run('--run', 'direct', '--weights', 'broken.safetensors');
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(
    /^program.tblock:14:5: error TB205 Cannot read "[^"]*broken.safetensors": .*\./,
  );
});

test('truncated weights', async () => {
  const header = JSON.stringify({ W: { dtype: 'F32', shape: [4, 4], data_offsets: [0, 64] } });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  writeFileSync(
    inFolder('broken.safetensors'),
    Buffer.concat([length, Buffer.from(header), Buffer.alloc(10)]),
  );
  const { code, err } = await run('--run', 'direct', '--weights', 'broken.safetensors');
  expect(code).toBe(2);
  expect(err).toContain('its tensors need 64 bytes of data and it has 10');
});

test('a dtype that is not read', async () => {
  const header = JSON.stringify({ W: { dtype: 'F8_E4M3', shape: [4, 4], data_offsets: [0, 16] } });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  writeFileSync(
    inFolder('broken.safetensors'),
    Buffer.concat([length, Buffer.from(header), Buffer.alloc(16)]),
  );
  const { code, err } = await run('--run', 'direct', '--weights', 'broken.safetensors');
  expect(code).toBe(2);
  expect(err).toMatch(/TB205 .* has the dtype "F8_E4M3"/);
});

test('files that are no programs', async () => {
  writeFileSync(inFolder('noise.tblock'), noise(200 * 1024));
  writeFileSync(inFolder('brackets.tblock'), '([{'.repeat(20_000));
  writeFileSync(
    inFolder('nested.tblock'),
    `block B(x: [4]) -> [4] { return ${'('.repeat(20_000)}x${')'.repeat(20_000)} }`,
  );
  writeFileSync(
    inFolder('one-line.tblock'),
    `block B(x: [4]) -> [4] { return x${' + x'.repeat(20_000)} }`,
  );
  for (const name of ['noise', 'brackets', 'nested']) {
    const checked = await tblock(['check', `${name}.tblock`], { cwd: folder });
    expect(checked.code, name).toBe(1);
    expect(checked.out, name).toMatch(new RegExp(`^${name}.tblock:\\d+:\\d+: error TB001 `));
    expect((await tblock(['run', `${name}.tblock`], { cwd: folder })).code, name).toBe(1);
  }
  expect([0, 1]).toContain((await tblock(['check', 'one-line.tblock'], { cwd: folder })).code);
}, 120_000);

/** The same bytes every time. */
function noise(length: number): Buffer {
  const { uniform } = keyedStream(1, 'noise');
  return Buffer.from(Uint8Array.from({ length }, () => Math.floor(256 * uniform())));
}
