/** Elementwise operators of one tensor. */
import type { UnaryFunction } from '../form.ts';
import type { Kernel, Op } from '../op.ts';
import { elementwiseFlow } from './flows.ts';
import { countOf } from './row-major.ts';

type PointwiseFields = Pick<Op, 'doc' | 'vjp' | 'torch' | 'onnx' | 'examples'> &
  Partial<Pick<Op, 'notation' | 'result' | 'tolerance'>> & {
    readonly name: UnaryFunction;
    /** The definition, in float64. */
    readonly scalar: (x: number) => number;
    /** The same in float32, of `x[this.thread.x]`. */
    readonly kernel: Kernel['source'];
  };

export function pointwise({ scalar, kernel: source, ...fields }: PointwiseFields): Op {
  const kernel: Kernel = { name: fields.name, source };
  return {
    signature: `${fields.name}(x: [...]) -> [...]`,
    tolerance: 1e-6,
    flow: elementwiseFlow,
    reference: ({ input }) => input('x').data.map(scalar),
    gpu: ({ shape }) => [{ kernel, args: [{ operand: 'x' }], length: countOf(shape) }],
    form: () => ({ kind: 'unary', fn: fields.name, of: { operand: 'x' } }),
    ...fields,
  };
}
