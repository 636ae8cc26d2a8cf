import { describe, expect, it } from 'vitest';
import type { Compared, Outcome } from './compare/rounds.ts';
import { milliseconds, ratiosOf, remarks, tableOf } from './compare/tables.ts';
import { blockWork } from './compare/work.ts';

const measured = (median: number): Outcome => ({
  kind: 'measured',
  versions: 'some 1.0',
  median,
  fastest: median,
  slowest: median,
  memory: 100,
});

const column: Compared = {
  work: blockWork(),
  busyRounds: 0,
  outcomes: new Map<string, Outcome>([
    ['TBlock', measured(0.5)],
    ['faster', measured(0.25)],
    ['slower', measured(2)],
    ['PyTorch', { kind: 'absent', reason: 'no torch in python3' }],
  ]),
};

describe('the tables of npm run bench', () => {
  it('divides our time by the time of each peer, and leaves out who is absent', () => {
    expect(ratiosOf([column], 'TBlock', ['faster', 'slower', 'PyTorch'])).toBe(
      [
        '|         | textbook block |',
        '| ------- | -------------: |',
        '| faster  |           2.00 |',
        '| slower  |           0.25 |',
        '| PyTorch |              – |',
      ].join('\n'),
    );
  });

  it('gives milliseconds to three digits', () => {
    const slow = { ...column, outcomes: new Map([['TBlock', measured(1234.56)]]) };
    expect(tableOf([column, slow], ['TBlock'], milliseconds)).toContain(
      '| TBlock |          0.500 |           1235 |',
    );
  });

  it('says who is missing and why, and that the machine was not quiet', () => {
    expect(remarks([{ ...column, busyRounds: 2 }])).toBe(
      [
        'Missing or uncertain:',
        '',
        '- PyTorch: no torch in python3.',
        '- 2 rounds ran although other programs kept the cores busy.',
      ].join('\n'),
    );
  });

  it('says nothing where all took part in peace', () => {
    const outcomes = new Map([['TBlock', measured(1)]]);
    expect(remarks([{ ...column, outcomes }])).toBe('');
  });
});
