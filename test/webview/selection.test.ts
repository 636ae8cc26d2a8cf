import { expect, test } from 'vitest';
import { summarize } from '../../src/views/index.ts';
import { completeSelection, keepSelection, tabFor, tabOfRun } from '../../webview/selection.ts';
import { smallTrace } from '../views/small-trace.ts';

const step = { kind: 'input', write: undefined, hook: undefined, layer: undefined } as const;
const summary = summarize(
  smallTrace(
    {
      'x#0': { axes: 'N=1 d=1', values: [1] },
      'x#1': { axes: 'N=1 d=1', values: [1] },
      'attn.pattern': { axes: 'N=1 N=1', values: [1] },
      hidden: { axes: 'd=1', values: [1] },
      norm: { axes: 'N=1 d=1', values: [1] },
    },
    {
      // Two names of one value.
      madeBy: new Map([
        ['x#1', 7],
        ['norm', 7],
      ]),
      streams: [
        {
          scope: '',
          steps: [
            { path: 'x#0', ...step },
            { path: 'x#1', ...step },
          ],
        },
      ],
      patterns: [{ path: 'attn.pattern', layer: 0, scope: 'attn', heads: 1 }],
    },
  ),
);

test('a path is also the step of a stream, or a pattern', () => {
  expect(completeSelection(summary, { path: 'x#1' })).toEqual({ path: 'x#1', stream: 0, step: 1 });
  expect(completeSelection(summary, { path: 'attn.pattern' })).toEqual({
    path: 'attn.pattern',
    pattern: 0,
  });
  expect(completeSelection(summary, { path: 'hidden' })).toEqual({ path: 'hidden' });
  expect(completeSelection(summary, { path: 'norm' })).toEqual({
    path: 'norm',
    stream: 0,
    step: 1,
  });
});

test.each([
  ['x#1', 'stream', 'stream'],
  ['x#1', 'tensor', 'tensor'],
  ['x#1', 'attention', 'stream'],
  ['attn.pattern', 'stream', 'attention'],
  ['hidden', 'stream', 'tensor'],
  ['hidden', 'shapes', 'shapes'],
] as const)('the cursor on %s, looking at %s, shows %s', (path, current, shown) => {
  expect(tabFor(summary, { path }, current)).toBe(shown);
});

test('after another run, what it no longer has is dropped', () => {
  const selection = { path: 'gone', stream: 0, step: 7, pattern: 0, head: 3, token: 2 };
  expect(keepSelection(summary, selection)).toEqual({ stream: 0, pattern: 0, head: 3, token: 2 });
});

test('what a run has and the one before had not is shown first', () => {
  const generated = { ...summary, generated: 3 };
  const sweep = { ...summary, sweep: { metrics: ['m'], axes: [{ name: 'l' }] } };
  expect(tabOfRun(summary, generated, 'logits')).toBe('generation');
  expect(tabOfRun(undefined, sweep, 'logits')).toBe('sweep');
  expect(tabOfRun(generated, generated, 'logits')).toBe('logits');
  expect(tabOfRun(sweep, summary, 'logits')).toBe('logits');
});
