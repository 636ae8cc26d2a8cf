import { expect, test } from 'vitest';
import { openEngine } from '../../src/engine/index.ts';
import { Session } from '../../src/session/session.ts';

const uri = 'file:///compare.tblock';

const program = (factor: number) => `
model M {
  input x: [2] = [1, 2]
  output y = ${factor} * x
}
run a for M {
}
run b for M {
}
`;

async function run(session: Session, factor: number, target: string) {
  const documents = { [uri]: program(factor) };
  const outcome = await session.run({ uri, documents, target, backend: 'cpu' }, () => undefined);
  expect(outcome.kind).toBe('done');
}

test('the run before an edit can still be looked at, and compared with', async () => {
  const session = new Session(openEngine({}));
  for (const factor of [2, 3, 5]) await run(session, factor, 'a');
  const labels = session.runs(uri).map(({ id, run: name, isCurrent }) => [id, name, isCurrent]);
  expect(labels).toEqual([
    [3, 'a', true],
    [2, 'a', false],
  ]);
  const values = async (of?: { run: number; as: 'itself' | 'difference' }) => {
    const params = { path: 'y', slice: [] };
    const view = await session.view({ view: 'tensor', params, program: uri, ...(of && { of }) });
    return typeof view === 'object' && 'matrix' in view ? [...view.matrix.values] : [];
  };
  expect(await values()).toEqual([5, 10]);
  expect(await values({ run: 2, as: 'itself' })).toEqual([3, 6]);
  expect(await values({ run: 2, as: 'difference' })).toEqual([2, 4]);
  await expect(values({ run: 1, as: 'itself' })).rejects.toThrow('no longer there');
  await session.close();
});

test('another run of the file is kept beside it', async () => {
  const session = new Session(openEngine({}));
  await run(session, 2, 'a');
  await run(session, 2, 'b');
  expect(session.runs(uri).map(({ run: name, isCurrent }) => `${name} ${isCurrent}`)).toEqual([
    'b true',
    'a false',
  ]);
  await session.close();
});
