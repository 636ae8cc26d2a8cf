import { expect, test } from 'vitest';
import { viewOf } from '../../src/views/index.ts';
import { smallTrace } from './small-trace.ts';

const trace = smallTrace(
  { x: { axes: 'N=1 d=2', values: [1, 2] } },
  {
    dims: [{ name: 'd', value: 2, definition: '', origin: 'file' }],
    outputs: ['x'],
    streams: [
      {
        scope: '',
        steps: [{ path: 'x', kind: 'input', write: undefined, hook: undefined, layer: undefined }],
      },
    ],
  },
);

test('the summary says what there is, without a value', async () => {
  expect(await viewOf(trace, { view: 'summary', params: {} })).toMatchObject({
    run: 'small',
    model: 'M',
    streams: [{ scope: '', steps: 1, paths: ['x'] }],
    tensors: [
      {
        path: 'x',
        axes: [
          { name: 'N', size: 1 },
          { name: 'd', size: 2 },
        ],
      },
    ],
  });
});

test('each request is answered by its view', async () => {
  const shapes = await viewOf(trace, { view: 'shapes', params: {} });
  const tensor = await viewOf(trace, { view: 'tensor', params: { path: 'x', slice: [] } });
  expect(shapes).toMatchObject({ dims: [{ name: 'd', value: 2, origin: 'file' }] });
  expect(tensor).toMatchObject({ path: 'x', statistics: { count: 2 } });
});

test('what a run does not have is a sentence', async () => {
  const none = { kind: 'head', pattern: 0, head: 0, token: 0, weighted: false } as const;
  await expect(viewOf(trace, { view: 'attention', params: none })).rejects.toThrow(
    'This run has no such attention pattern.',
  );
  const missing = { path: 'y', slice: [] };
  await expect(viewOf(trace, { view: 'tensor', params: missing })).rejects.toThrow(
    'This run has no tensor called y.',
  );
});
