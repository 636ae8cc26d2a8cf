import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readNpy } from '../../src/formats/index.ts';
import { saveTensor } from '../../src/session/save-tensor.ts';
import { folderWith, run } from './run-text.ts';

test('a tensor of a run becomes a file of NumPy, or lines of text', async () => {
  const trace = await run(`
model M {
  input x: [2, 3] = [[1, 2, 3], [4, 5, 6.5]]
  output y = 2 * x
}
run demo for M {
}
`);
  const values = await trace.read('y');
  if (values === undefined) throw new Error('No y.');
  const folder = folderWith({});
  saveTensor(values, join(folder, 'y.npy'));
  saveTensor(values, join(folder, 'y.csv'));
  expect(readNpy(join(folder, 'y.npy'))).toEqual({
    ok: true,
    value: { kind: 'float', shape: [2, 3], data: Float64Array.of(2, 4, 6, 8, 10, 13) },
  });
  expect(readFileSync(join(folder, 'y.csv'), 'utf8')).toBe('2,4,6\n8,10,13\n');
});

test('a folder that is not there is said to be the trouble', async () => {
  const trace = await run('model M {\n  output y = 1 + [2]\n}\nrun demo for M {\n}\n');
  const values = await trace.read('y');
  if (values === undefined) throw new Error('No y.');
  const folder = folderWith({});
  expect(() => saveTensor(values, join(folder, 'no/y.npy'))).toThrow('Cannot write');
});
