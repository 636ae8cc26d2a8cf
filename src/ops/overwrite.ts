import { t } from '@vscode/l10n';
import { formatShape, literalOf } from '../dims/index.ts';
import { overwriteFlow } from './families/flows.ts';
import { broadcastStrides, countOf, stridesOf, walk } from './families/row-major.ts';
import { slicedShape, sliceView } from './families/slicing.ts';
import { wholeTable } from './families/whole-table.ts';
import type { AttributeValue, Kernel, KernelThread, Op, SliceValue } from './op.ts';

export const overwrite: Op = {
  name: 'overwrite',
  doc: 'x with one of its slices replaced by a value, which broadcasts to it; what a patch does.',
  signature: 'overwrite(x: [...], value: [...], items: string) -> [...]',
  flow: overwriteFlow,
  operations: 0,
  notation: { kind: 'internal', purpose: 'patch' },
  result: 'as operand',
  shape: (call) => {
    const target = slicedShape(call, 'x');
    const value = call.input('value');
    const missing = target.axes.length - value.axes.length;
    if (missing < 0 || value.lead !== (target.lead && value.lead)) {
      const message = t`A value ${formatShape(value)} does not broadcast to the part ${formatShape(target)}.`;
      call.fail({ kind: 'rank', operand: 'value', message });
    }
    value.axes.forEach((axis, i) => {
      const room = target.axes[missing + i];
      if (room === undefined || literalOf(axis) === 1) return;
      call.same(axis, room, t`The length of the value`, t`the part that it replaces`);
    });
    return call.input('x');
  },
  reference: ({ input, attribute }) => {
    const [x, value] = [input('x'), input('value')];
    const view = sliceView(x.shape, attribute('items'));
    const result = x.data.slice();
    const strides = [view.strides, broadcastStrides(value.shape, view.shape)];
    walk(view.shape, strides, (_, [to = 0, from = 0]) => {
      result[view.base + to] = value.data[from] as number;
    });
    return result;
  },
  gpu: ({ input, attribute }) => {
    const { shape } = input('x');
    const axes = axesOf(shape, attribute('items'), input('value').shape);
    const table = wholeTable([...axes.toReversed().flat(), 1]);
    const args = [{ operand: 'x' }, { operand: 'value' }, { table }, axes.length];
    return [{ kernel, args, length: countOf(shape) }];
  },
  form: ({ input, attribute }) => {
    const { shape } = input('x');
    const whole = { shape, strides: stridesOf(shape), base: 0 };
    const to = sliceView(shape, attribute('items'));
    const from = {
      shape: to.shape,
      strides: broadcastStrides(input('value').shape, to.shape),
      base: 0,
    };
    return {
      kind: 'assembly',
      parts: [
        { of: { operand: 'x' }, from: whole, to: whole },
        { of: { operand: 'value' }, from, to },
      ],
    };
  },
  vjp: { none: 'The language has no way to write a slice into zeros.' },
  torch: 'overwrite({x}, {value}, ({items},))',
  onnx: 'ScatterND',
  tolerance: 0,
  examples: [
    {
      inputs: { x: { normal: [4, 5], seed: 1 }, value: { normal: [5], seed: 2 } },
      attributes: {
        items: [
          { kind: 'range', start: 1, stop: 3 },
          { kind: 'range', start: 0, stop: 5 },
        ],
      },
    },
    {
      inputs: { x: { normal: [2, 4, 5], seed: 3 }, value: { normal: [2, 1], seed: 4 } },
      attributes: {
        items: [
          { kind: 'range', start: 0, stop: 2 },
          { kind: 'at', index: 3 },
          { kind: 'range', start: 2, stop: 4 },
        ],
      },
    },
    {
      inputs: { x: { normal: [3, 2], seed: 5 }, value: 0 },
      attributes: { items: [{ kind: 'at', index: 2 }] },
    },
  ],
};

/** Per axis of x: its length, the first index that is replaced, how many are, and the value's stride along it. */
function axesOf(
  shape: readonly number[],
  attribute: AttributeValue,
  value: readonly number[],
): readonly (readonly [number, number, number, number])[] {
  const view = sliceView(shape, attribute);
  const strides = [...broadcastStrides(value, view.shape)];
  const items: SliceValue[] = Array.isArray(attribute) ? [...attribute] : [];
  return stridesOf(shape).map((_, axis) => {
    while (items[0]?.kind === 'new axis') {
      items.shift();
      strides.shift();
    }
    const item = items.shift();
    const length = shape[axis] as number;
    if (item?.kind === 'at') return [length, item.index, 1, 0];
    const stride = strides.shift() as number;
    if (item?.kind === 'range') return [length, item.start, item.stop - item.start, stride];
    return [length, 0, length, stride];
  });
}

const kernel: Kernel = {
  name: 'overwrite',
  source: function (
    this: KernelThread,
    x: ArrayLike<number>,
    value: ArrayLike<number>,
    axes: ArrayLike<number>,
    rank: number,
  ): number {
    let rest = this.thread.x;
    let place = 0;
    let outside = 0.0;
    for (let axis = 0; axis < rank; axis++) {
      const length = (axes[8 * axis] as number) * 32768 + (axes[8 * axis + 1] as number);
      const first = (axes[8 * axis + 2] as number) * 32768 + (axes[8 * axis + 3] as number);
      const count = (axes[8 * axis + 4] as number) * 32768 + (axes[8 * axis + 5] as number);
      const stride = (axes[8 * axis + 6] as number) * 32768 + (axes[8 * axis + 7] as number);
      const index = (rest % length) - first;
      if (index < 0 || index >= count) {
        outside = 1.0;
      }
      place += index * stride;
      rest = Math.floor(rest / length);
    }
    if (outside > 0.5) {
      return x[this.thread.x] as number;
    }
    return value[place] as number;
  },
};
