import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openEngine } from '../../src/engine/index.ts';
import { uriOf } from '../../src/session/index.ts';
import { Session } from '../../src/session/session.ts';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));

test('a run that cannot start says first what stops it, then what else is odd', async () => {
  const session = new Session(openEngine({}));
  const uri = uriOf(`${examples}unsaved.tblock`);
  const text = `model M {
  param W: [4, 4]
  output y = W
}
weights w = "induction.safetensors" {
  W <- "missing"
}
run r for M { weights = w }
`;
  const outcome = await session.run({ uri, documents: { [uri]: text }, backend: 'cpu' }, () => {});
  const problems = outcome.kind === 'rejected' ? outcome.problems : [];
  expect(problems.map(({ severity }) => severity)).toEqual(['error', 'warning']);
  expect(problems[0]?.message).toContain('no tensor missing');
  await session.close();
});
