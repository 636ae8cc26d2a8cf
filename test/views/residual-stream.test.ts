import { expect, test } from 'vitest';
import { numberText, residualStreamView } from '../../src/views/index.ts';
import { matrixText, tableText } from './matrix-text.ts';
import { smallTrace } from './small-trace.ts';

const trace = smallTrace(
  {
    'blocks.0.x#0': { axes: 'N=2 d=2', values: [3, 4, 0, 1] },
    'blocks.0.attn': { axes: 'N=2 d=2', values: [0, -4, 0, 0] },
    'blocks.0.x#1': { axes: 'N=2 d=2', values: [3, 0, 0, 1] },
    y: { axes: 'N=2 d=2', values: [1, 0, 0, 1] },
  },
  {
    tokens: ['the', ' cat'],
    streams: [
      {
        scope: '',
        steps: [
          { path: 'blocks.0.x#0', kind: 'input', write: undefined, hook: 'resid_pre', layer: 0 },
          {
            path: 'blocks.0.x#1',
            kind: 'write',
            write: 'blocks.0.attn',
            hook: 'resid_mid',
            layer: 0,
          },
          { path: 'y', kind: 'norm', write: undefined, hook: undefined, layer: undefined },
        ],
      },
    ],
  },
);

test('the chosen token over the steps, the chosen step over the tokens, and the norms', async () => {
  const view = await residualStreamView(trace, { stream: 0, step: 1, token: 0 });
  expect(view && matrixText(view.byToken)).toBe(
    `
             d0  d1
0 resid_pre   3   4
0 resid_mid   3   0
          y   1   0
diverging −4 … 4, 1 cell = 1 × 1`.slice(1),
  );
  expect(view && matrixText(view.byStep)).toBe(
    `
      d0  d1
 the   3   0
·cat   0   1
diverging −3 … 3, 1 cell = 1 × 1`.slice(1),
  );
  expect(view && matrixText(view.norms)).toBe(
    `
             the  ·cat
0 resid_pre    5     1
0 resid_mid    3     1
          y    1     1
sequential 0 … 5, 1 cell = 1 × 1`.slice(1),
  );
});

test('each step says the mean norm of the stream and of what was written', async () => {
  const view = await residualStreamView(trace, { stream: 0, step: 0, token: 0 });
  const rows = view?.steps.map((step) => [
    step.label,
    step.kind,
    numberText(step.norm),
    step.writeNorm === undefined ? '-' : numberText(step.writeNorm),
  ]);
  expect(tableText(rows ?? [])).toBe(
    `
resid_pre  input  3  -
resid_mid  write  2  2
        y   norm  1  -`.slice(1),
  );
});

test('indices beyond the end are the last ones', async () => {
  const view = await residualStreamView(trace, { stream: 9, step: 9, token: 9 });
  expect(view).toMatchObject({ step: 2, token: 1, width: 2 });
});

test('a step whose values are lost shows NaN, and the others stay', async () => {
  const lost = smallTrace(
    { a: { axes: 'N=1 d=2', values: [1, 2] } },
    {
      streams: [
        {
          scope: '',
          steps: [
            { path: 'a', kind: 'input', write: undefined, hook: undefined, layer: undefined },
            { path: 'gone', kind: 'write', write: 'gone', hook: undefined, layer: undefined },
          ],
        },
      ],
    },
  );
  const view = await residualStreamView(lost, { stream: 0, step: 0, token: 0 });
  expect(view && matrixText(view.byToken)).toBe(
    `
       d0   d1
   a    1    2
gone  NaN  NaN
diverging −2 … 2, 1 cell = 1 × 1`.slice(1),
  );
});

test('a batch shows its first example; a vector is one token', async () => {
  const step = { kind: 'input', write: undefined, hook: undefined, layer: undefined } as const;
  const wide = smallTrace(
    {
      batch: { axes: 'B=2 N=2 d=1', values: [1, 2, 3, 4] },
      vector: { axes: 'd=3', values: [1, 2, 3] },
    },
    {
      streams: [
        { scope: 'a', steps: [{ path: 'batch', ...step }] },
        { scope: 'b', steps: [{ path: 'vector', ...step }] },
      ],
    },
  );
  const batch = await residualStreamView(wide, { stream: 0, step: 0, token: 1 });
  const vector = await residualStreamView(wide, { stream: 1, step: 0, token: 0 });
  expect([...(batch?.byStep.values ?? [])]).toEqual([1, 2]);
  expect([...(vector?.byStep.values ?? [])]).toEqual([1, 2, 3]);
  expect(vector?.tokens).toEqual(['0']);
});

test('a token through the depth: its moments, every write, its largest dimensions and who wrote them', async () => {
  const view = await residualStreamView(trace, { stream: 0, step: 2, token: 0, dimension: 1 });
  const { profile, top, dimension } = view?.chosen ?? {};
  const rows = profile?.map(({ norm, mean, variance, write }) =>
    [
      ...[norm, mean, variance],
      ...(write === undefined
        ? []
        : [write.norm, write.share, write.cosineBefore, write.cosineFinal]),
    ].map(numberText),
  );
  expect(
    tableText([['norm', 'mean', 'variance', 'write', 'share', 'before', 'final'], ...(rows ?? [])]),
  ).toBe(
    `
norm    mean  variance  write  share   before  final
   5   3.500    0.2500
   3   1.500     2.250      4      0  −0.8000      0
   1  0.5000    0.2500`.slice(1),
  );
  expect(top?.map((each) => [each.dimension, each.value, each.writer])).toEqual([
    [0, 1, 0],
    [1, 0, 0],
  ]);
  expect(dimension).toEqual({ dimension: 1, values: [4, 0, 0], changes: [4, -4, 0] });
});
