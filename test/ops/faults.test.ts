import { expect, test } from 'vitest';
import { type Op, OpFault, opNamed } from '../../src/ops/index.ts';
import { runCall } from './example-calls.ts';

test('an index outside the table is named with its place and what is allowed', () => {
  const gather = opNamed('gather') as Op;
  const call = runCall(gather, { inputs: { x: [[1], [2]], indices: [0, 7] } }, [2, 1]);
  expect(() => gather.reference(call)).toThrow(
    new OpFault('Index 7 at position 1 is outside the table: its 2 rows are 0 to 1.'),
  );
});

test('an empty row has no largest value', () => {
  const max = opNamed('max') as Op;
  const call = runCall(max, { inputs: { x: { normal: [2, 0], seed: 1 } } }, [2]);
  expect(() => max.reference(call)).toThrow('max of an axis of length 0 has no value.');
});

test('a slice that a run finds outside its axis is a fault', () => {
  const slice = opNamed('slice') as Op;
  const attributes = { items: [{ kind: 'at', index: 3 }] } as const;
  const call = runCall(slice, { inputs: { x: [1, 2] }, attributes }, []);
  expect(() => slice.reference(call)).toThrow('[3] is outside an axis of length 2.');
});
