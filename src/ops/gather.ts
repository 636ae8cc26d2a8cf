import { t } from '@vscode/l10n';
import { formatShape } from '../dims/index.ts';
import { demandRank } from './families/axis-rules.ts';
import { labelsOf } from './families/flows.ts';
import { countOf } from './families/row-major.ts';
import { type HostTensor, type KernelThread, type Op, OpFault, type RunCall } from './op.ts';

export const gather: Op = {
  name: 'gather',
  doc: 'The rows of x, its parts along the first axis, that an int tensor names; an index outside is an error.',
  signature: 'gather(x: [...], indices: int[...]) -> [...]',
  flow: ({ operands }) => {
    const [table, indices] = operands.map(({ shape }) => labelsOf(shape));
    if (table === undefined || indices === undefined) return undefined;
    const rows = indices.map((label) => `index ${label}`);
    return { operands: [table, rows], result: [...rows, ...table.slice(1)] };
  },
  operations: 0,
  notation: { kind: 'index', by: 'tensor' },
  result: 'as operand',
  shape: (call) => {
    const table = call.input('x');
    if (table.lead) {
      const message = t`An int tensor chooses along the first axis, which is among the leading axes of ${formatShape(table)}.`;
      call.fail({ kind: 'undecided', operand: 'x', message });
    }
    const { axes } = demandRank(call, 'x', 1);
    const indices = call.input('indices');
    return { lead: indices.lead, axes: [...indices.axes, ...axes.slice(1)] };
  },
  reference: (call) => {
    checkIndices(call);
    const [x, indices] = [call.input('x'), call.input('indices')];
    const width = countOf(x.shape.slice(1));
    const result = new Float64Array(indices.data.length * width);
    for (const [position, index] of indices.data.entries()) {
      result.set(x.data.subarray(index * width, (index + 1) * width), position * width);
    }
    return result;
  },
  guard: { operands: ['indices'], check: checkIndices },
  gpu: ({ input, shape }) => {
    const { shape: table } = input('x');
    const args = [
      { operand: 'x' },
      { operand: 'indices' },
      table[0] ?? 0,
      countOf(table.slice(1)),
      Number.NaN,
    ];
    return [{ kernel, args, length: countOf(shape) }];
  },
  form: ({ input }) => ({ kind: 'rows', width: countOf(input('x').shape.slice(1)) }),
  vjp: { none: 'The language has no way to add rows at positions that only the run knows.' },
  torch: '{x}[{indices}.long()]',
  onnx: 'Gather',
  tolerance: 0,
  examples: [
    { inputs: { x: { normal: [5, 3], seed: 1 }, indices: [4, 0, 0] } },
    {
      inputs: {
        x: { normal: [4], seed: 2 },
        indices: [
          [0, 3],
          [1, 1],
        ],
      },
    },
    { inputs: { x: { normal: [3, 2, 2], seed: 3 }, indices: 1 } },
  ],
};

function checkIndices({ input }: RunCall<HostTensor>): void {
  const [rows = 0] = input('x').shape;
  for (const [position, index] of input('indices').data.entries()) {
    if (Number.isInteger(index) && index >= 0 && index < rows) continue;
    throw new OpFault(
      t`Index ${index} at position ${position} is outside the table: its ${rows} rows are 0 to ${rows - 1}.`,
    );
  }
}

const kernel = {
  name: 'gather',
  source: function (
    this: KernelThread,
    x: ArrayLike<number>,
    indices: ArrayLike<number>,
    rows: number,
    width: number,
    missing: number,
  ): number {
    const index = indices[Math.floor(this.thread.x / width)] as number;
    if (index < 0 || index >= rows) {
      return missing;
    }
    // The index is a float32 on the device; the place in the table must be counted in whole numbers.
    let place = this.thread.x % width;
    place += (index | 0) * width;
    return x[place] as number;
  },
};
