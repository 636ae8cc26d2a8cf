/** `max` and `min`, which reduce one tensor and choose between two. */
import type { Kernel, Op } from '../op.ts';
import { broadcastShape, planOf, referenceOf } from './broadcasting.ts';
import { elementwiseFlow, reductionFlow } from './flows.ts';
import { demandValues, reducedShape, reducedView, reduceRows, reductionPlan } from './reduction.ts';

type ExtremumFields = Pick<Op, 'doc' | 'torch' | 'onnx'> & {
  readonly name: 'max' | 'min';
  readonly scalar: (...values: number[]) => number;
  readonly row: Kernel;
  readonly pair: Kernel['source'];
};

export function extremum({ scalar, row, pair, ...fields }: ExtremumFields): Op {
  const { name } = fields;
  const choose = (a: number, b: number) => scalar(a, b);
  const pairs = ['x', 'other'];
  const pairReference = referenceOf(pairs, choose as (...values: number[]) => number);
  const pairPlan = planOf(pairs, { name: `pair_${name}`, source: pair });
  const rowPlan = reductionPlan(row);
  return {
    signature: `${name}(x: [...], other: [...]? = none, axis: number? = -1, keepdims: bool = false) -> [...]`,
    result: 'as operand',
    flow: (call) => (call.operands.length > 1 ? elementwiseFlow(call) : reductionFlow(call)),
    shape: (call) =>
      call.optional('other') === undefined
        ? reducedShape(call)
        : broadcastShape(call, [{ operand: 'x' }, { operand: 'other' }]),
    reference: (call) => {
      if (call.optional('other') !== undefined) return pairReference(call);
      return reduceRows(call, (values) => {
        demandValues(values, name);
        return values.reduce(choose);
      });
    },
    gpu: (call) => (call.optional('other') === undefined ? rowPlan(call) : pairPlan(call)),
    form: (call) =>
      call.optional('other') === undefined
        ? { kind: 'reduce', fn: name, along: reducedView(call) }
        : { kind: 'binary', fn: name, a: { operand: 'x' }, b: { operand: 'other' } },
    vjp: 'dx = dy * (x == y)\ndother = dy * (other == y)',
    tolerance: 1e-6,
    examples: [
      { inputs: { x: { normal: [2, 3, 4], seed: 1 } } },
      {
        inputs: { x: { normal: [2, 3, 4], seed: 2 } },
        attributes: { axis: 1, keepdims: true },
      },
      { inputs: { x: { normal: [3, 5], seed: 3 } }, attributes: { axis: null } },
      { inputs: { x: [[-Infinity, -3, -Infinity]] } },
      { inputs: { x: { normal: [2, 3], seed: 4 }, other: { normal: [3], seed: 5 } } },
      { inputs: { x: { normal: [2, 1], seed: 6 }, other: 0 } },
    ],
    ...fields,
  };
}
