/** What a record says of how indices travel is what its reference does: no index is read that the flow rules out. */
import { expect, test } from 'vitest';
import { literalDim, type Shape } from '../../src/dims/index.ts';
import { type Example, type Flow, type HostTensor, type Op, ops } from '../../src/ops/index.ts';
import { exampleShape, parametersOf, runCall } from './example-calls.ts';

const mostNumbers = 130;

const cases = ops.flatMap((op) =>
  op.examples.flatMap((example, index) => {
    const operands = operandsOf(op, example);
    const small = operands.every(({ tensor }) => tensor.data.length <= mostNumbers);
    return op.flow !== undefined && small ? [{ name: `${op.name} ${index + 1}`, op, example }] : [];
  }),
);

test('every operator says how indices travel', () => {
  const silent = ops.filter(({ flow }) => flow === undefined).map(({ name }) => name);
  expect(silent).toEqual([]);
});

test.each(cases)('$name', ({ op, example }) => {
  const shape = exampleShape(op, example);
  const flow = flowOfExample(op, example, shape);
  if (flow === undefined) return;
  const operands = operandsOf(op, example);
  expect(flow.operands.map((labels) => labels.length)).toEqual(
    operands.map(({ tensor }) => tensor.shape.length),
  );
  expect(flow.result).toHaveLength(shape.length);
  const before = op.reference(runCall(op, example, shape));
  const violations: string[] = [];
  operands.forEach(({ name, part, tensor, integer }, operand) => {
    if (integer) return;
    for (let at = 0; at < tensor.data.length; at++) {
      const after = op.reference(changedCall(op, example, shape, { name, part, at }));
      before.forEach((value, out) => {
        if (Object.is(value, after[out])) return;
        const read = indexOf(at, tensor.shape);
        const made = indexOf(out, shape);
        violations.push(...forbidden(flow, operand, read, made));
      });
    }
  });
  expect([...new Set(violations)]).toEqual([]);
});

function operandsOf(op: Op, example: Example) {
  const call = runCall(op, example, []);
  const integers = [...op.signature.matchAll(/(\w+): int\[/g)].map(([, name]) => name);
  return parametersOf(op)
    .filter(({ kind }) => kind === 'tensor')
    .flatMap(({ name }) =>
      call.all(name).map((tensor, part) => ({
        name,
        part,
        tensor,
        integer: integers.includes(name),
      })),
    );
}

function flowOfExample(op: Op, example: Example, result: readonly number[]): Flow | undefined {
  const shapeOf = (lengths: readonly number[]): Shape => ({
    lead: false,
    axes: lengths.map(literalDim),
  });
  const operands = operandsOf(op, example).map(({ name, tensor }) => ({
    name,
    shape: shapeOf(tensor.shape),
    lengths: tensor.shape,
  }));
  const resultShape = shapeOf(result);
  return op.flow?.({
    operands,
    attribute: runCall(op, example, result).attribute,
    result: resultShape,
    output: example.output,
    length: (of, axis) =>
      (of === resultShape
        ? result
        : (operands.find(({ shape }) => shape === of)?.lengths ?? [])
      ).at(axis) ?? Number.NaN,
  });
}

function changedCall(
  op: Op,
  example: Example,
  shape: readonly number[],
  { name, part, at }: { name: string; part: number; at: number },
) {
  const call = runCall(op, example, shape);
  const change = (tensors: readonly HostTensor[]) =>
    tensors.map((tensor, i) => {
      if (i !== part) return tensor;
      const data = tensor.data.slice();
      const value = data[at] as number;
      data[at] = Number.isFinite(value) ? value + 2.37 : 1;
      return { ...tensor, data };
    });
  const all = (asked: string) => (asked === name ? change(call.all(asked)) : call.all(asked));
  return {
    ...call,
    all,
    input: (asked: string) => all(asked)[0] as HostTensor,
    optional: (asked: string) => all(asked)[0],
  };
}

/** What the flow rules out of one index of the result that reads one of an operand. */
function forbidden(
  flow: Flow,
  operand: number,
  read: readonly number[],
  made: readonly number[],
): readonly string[] {
  return (flow.operands[operand] ?? []).flatMap((label, axis) => {
    const from = read[axis] as number;
    if (flow.lost?.includes(label)) return [];
    const only = flow.picked?.get(label);
    if (only !== undefined) return from === only ? [] : [`${label}: ${from} is not ${only}`];
    const to = flow.result.indexOf(label);
    if (to < 0 || flow.mixed?.includes(label)) return [];
    const shift = flow.shifts?.find((each) => each.operand === operand && each.label === label);
    const own = (made[to] as number) + (shift?.by ?? 0);
    const fine = flow.running?.includes(label) ? from <= own : from === own;
    return fine ? hiddenReads(flow, made) : [`${label}: ${own} reads ${from}`];
  });
}

function hiddenReads({ hides, result }: Flow, made: readonly number[]): readonly string[] {
  if (hides === undefined) return [];
  const [query, key] = [hides.query, hides.key].map((label) => made[result.indexOf(label)] ?? 0);
  const seen = (key ?? 0) <= (query ?? 0) + hides.offset;
  return seen ? [] : [`key ${key} of query ${query} is hidden`];
}

function indexOf(at: number, shape: readonly number[]): readonly number[] {
  const index: number[] = [];
  let rest = at;
  for (const length of shape.toReversed()) {
    index.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return index;
}
