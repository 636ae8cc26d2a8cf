import { broadcastShape, planOf, referenceOf } from './families/broadcasting.ts';
import { elementwiseFlow } from './families/flows.ts';
import type { KernelThread, Op } from './op.ts';

const operands = ['condition', 'a', 'b'];

export const where: Op = {
  name: 'where',
  doc: 'a where the condition is not 0, else b; all three broadcast.',
  signature: 'where(condition: [...], a: [...], b: [...]) -> [...]',
  flow: elementwiseFlow,
  shape: (call) =>
    broadcastShape(
      call,
      operands.map((operand) => ({ operand })),
    ),
  reference: referenceOf(operands, (condition, a, b) => (condition !== 0 ? a : b) as number),
  gpu: planOf(operands, {
    name: 'where',
    source: function (
      this: KernelThread,
      condition: ArrayLike<number>,
      a: ArrayLike<number>,
      b: ArrayLike<number>,
      repeatCondition: number,
      spanCondition: number,
      repeatA: number,
      spanA: number,
      repeatB: number,
      spanB: number,
    ): number {
      if (condition[Math.floor(this.thread.x / repeatCondition) % spanCondition] !== 0) {
        return a[Math.floor(this.thread.x / repeatA) % spanA] as number;
      }
      return b[Math.floor(this.thread.x / repeatB) % spanB] as number;
    },
  }),
  form: () => ({ kind: 'where' }),
  vjp: 'da = where(condition, dy, 0)\ndb = where(condition, 0, dy)',
  torch: 'torch.where({condition} != 0, {a}, {b})',
  onnx: 'Where',
  tolerance: 0,
  examples: [
    { inputs: { condition: [1, 0, 2], a: [1, 2, 3], b: [[4], [5]] } },
    { inputs: { condition: [[1, 0]], a: [[0.5], [0.25]], b: -Infinity } },
  ],
};
