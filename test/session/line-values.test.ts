import { afterAll, expect, test } from 'vitest';
import { Session } from '../../src/session/session.ts';
import { engineOf } from './engines.ts';

const session = new Session(await engineOf('reference'));
afterAll(() => session.close());

const uri = 'file:///lines.tblock';
const text = `block Double(x: [2]) -> [2] {
  y = x + x
  return y
}
model M {
  input x: [2] = ones
  repeat 3 as blocks {
    x = Double(x)
  }
  output z = x
}
`;

test('every statement has what it was worth, of the last copy, in the order of the text', async () => {
  const outcome = await session.run({ uri, documents: { [uri]: text }, backend: 'cpu' }, () => {});
  expect(outcome.kind).toBe('done');

  const lines = await session.lineValues(uri);

  const means = lines.map(({ source, look }) => [
    text.slice(source.start, source.end).trim(),
    look?.statistics.mean,
  ]);
  expect(means).toContainEqual(['y = x + x', 8]);
  expect(means).toContainEqual(['x = Double(x)', 8]);
  expect(means).toContainEqual(['output z = x', 8]);
  expect(lines.find(({ path }) => path === 'blocks.2.y')?.copies).toBe(3);
});

test('a program that never ran has none', async () => {
  expect(await session.lineValues('file:///other.tblock')).toEqual([]);
});
