/** The view of generated tokens. */
import { expect, test } from 'vitest';
import { generationView } from '../../src/views/index.ts';

const generation = {
  prompt: [7, 3],
  steps: [
    {
      ...{ token: 3, probability: 0.5, chance: 1 },
      candidates: [
        { token: 3, probability: 0.5 },
        { token: 9, probability: 0.25 },
      ],
    },
    { token: 4, probability: 0.1, chance: 0.3, candidates: [{ token: 7, probability: 0.6 }] },
  ],
  texts: undefined,
  reason: 'Because.',
};

test('a step is seen from the position before its token', () => {
  const view = generationView({ generation });
  expect(view).toMatchObject({ prompt: 2, tokens: ['7', '3', '3', '4'], reason: 'Because.' });
  expect(view?.steps.map(({ from, text }) => [from, text])).toEqual([
    [1, '3'],
    [2, '4'],
  ]);
});

const texts = new Map([
  [7, 'The'],
  [3, ' quick'],
  [4, ' fox'],
]);

test('tokens have their text where the run knows it, candidates too', () => {
  const view = generationView({ generation: { ...generation, texts } });
  expect(view?.tokens).toEqual(['The', ' quick', ' quick', ' fox']);
  expect(view?.steps[0]?.candidates.map(({ text }) => text)).toEqual(['·quick', '9']);
  expect(view?.steps[1]?.candidates[0]?.text).toBe('The');
});

test('a run that generates nothing has no view', () => {
  expect(generationView({ generation: undefined })).toBeUndefined();
});
