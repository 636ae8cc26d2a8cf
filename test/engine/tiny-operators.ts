/** A few records, as small as the engine's tests need them. Kernels are closed functions that gpu.js translates. */
import { type Kernel, type Op, OpFault } from '../../src/ops/index.ts';

type Values = readonly number[];

const rest = {
  vjp: { none: 'A test has no use for it.' },
  torch: '',
  onnx: '',
  tolerance: 1e-5,
  examples: [],
} as const;

const count = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);

/** a: [M, K], b: [K, N]. */
export const matmul: Op = {
  ...rest,
  name: 'tiny_matmul',
  doc: 'Matrix product.',
  signature: 'tiny_matmul(a: [M, K], b: [K, N]) -> [M, N]',
  reference: (call) => {
    const [a, b] = [call.input('a'), call.input('b')];
    const [rows = 0, columns = 0] = call.shape;
    const depth = a.shape[1] ?? 0;
    return Float64Array.from({ length: rows * columns }, (_, index) => {
      const [row, column] = [Math.floor(index / columns), index % columns];
      let sum = 0;
      for (let k = 0; k < depth; k++)
        sum += (a.data[row * depth + k] ?? 0) * (b.data[k * columns + column] ?? 0);
      return sum;
    });
  },
  gpu: (call) => [
    {
      kernel: matmulKernel,
      args: [{ operand: 'a' }, { operand: 'b' }, call.input('a').shape[1] ?? 0, call.shape[1] ?? 0],
      length: count(call.shape),
    },
  ],
};

const matmulKernel = {
  name: 'matmul',
  source: function (a: Values, b: Values, depth: number, columns: number) {
    const row = Math.floor(this.thread.x / columns);
    const column = this.thread.x - row * columns;
    let sum = 0;
    for (let k = 0; k < depth; k++) {
      sum += (a[row * depth + k] as number) * (b[k * columns + column] as number);
    }
    return sum;
  },
} satisfies Kernel;

/** Along the last axis, in two kernels. */
export const softmax: Op = {
  ...rest,
  name: 'tiny_softmax',
  doc: 'Softmax along the last axis.',
  signature: 'tiny_softmax(x: [..., N]) -> [..., N]',
  reference: (call) => {
    const { data, shape } = call.input('x');
    const length = shape.at(-1) ?? 1;
    return data.map((value, index) => {
      const row = data.subarray(index - (index % length), index - (index % length) + length);
      const top = Math.max(...row);
      return Math.exp(value - top) / row.reduce((sum, other) => sum + Math.exp(other - top), 0);
    });
  },
  gpu: (call) => {
    const length = call.shape.at(-1) ?? 1;
    const rows = count(call.shape) / length;
    return [
      { kernel: rowTopKernel, args: [{ operand: 'x' }, length], length: rows },
      { kernel: rowSumKernel, args: [{ operand: 'x' }, { step: 0 }, length], length: rows },
      {
        kernel: normaliseKernel,
        args: [{ operand: 'x' }, { step: 0 }, { step: 1 }, length],
        length: count(call.shape),
      },
    ];
  },
};

const rowTopKernel = {
  name: 'row top',
  source: function (x: Values, length: number) {
    const start = this.thread.x * length;
    let top = x[start] as number;
    for (let k = 1; k < length; k++) {
      top = Math.max(top, x[start + k] as number);
    }
    return top;
  },
} satisfies Kernel;

const rowSumKernel = {
  name: 'row sum',
  source: function (x: Values, top: Values, length: number) {
    const start = this.thread.x * length;
    let sum = 0;
    for (let k = 0; k < length; k++) {
      sum += Math.exp((x[start + k] as number) - (top[this.thread.x] as number));
    }
    return sum;
  },
} satisfies Kernel;

const normaliseKernel = {
  name: 'normalise',
  source: function (x: Values, top: Values, sum: Values, length: number) {
    const row = Math.floor(this.thread.x / length);
    return Math.exp((x[this.thread.x] as number) - (top[row] as number)) / (sum[row] as number);
  },
} satisfies Kernel;

/** Sum along the last axis. */
export const sum: Op = {
  ...rest,
  name: 'tiny_sum',
  doc: 'Sum along the last axis.',
  signature: 'tiny_sum(x: [..., N]) -> [...]',
  reference: (call) => {
    const { data, shape } = call.input('x');
    const length = shape.at(-1) ?? 1;
    return Float64Array.from({ length: count(call.shape) }, (_, row) =>
      data.subarray(row * length, (row + 1) * length).reduce((total, value) => total + value, 0),
    );
  },
  gpu: (call) => [
    {
      kernel: sumKernel,
      args: [{ operand: 'x' }, call.input('x').shape.at(-1) ?? 1],
      length: count(call.shape),
    },
  ],
};

const sumKernel = {
  name: 'sum',
  source: function (x: Values, length: number) {
    let total = 0;
    for (let k = 0; k < length; k++) {
      total += x[this.thread.x * length + k] as number;
    }
    return total;
  },
} satisfies Kernel;

/** Broadcasts by tables of strides, 0 where an operand has one value for the whole axis. */
export const add: Op = {
  ...rest,
  name: 'tiny_add',
  doc: 'Sum with broadcasting.',
  signature: 'tiny_add(a: [...], b: [...]) -> [...]',
  reference: (call) => {
    const [a, b] = [call.input('a'), call.input('b')];
    const [aStrides, bStrides] = [strides(a.shape, call.shape), strides(b.shape, call.shape)];
    return Float64Array.from({ length: count(call.shape) }, (_, index) => {
      let [left, aAt, bAt] = [index, 0, 0];
      for (let axis = call.shape.length - 1; axis >= 0; axis--) {
        const length = call.shape[axis] ?? 1;
        aAt += (left % length) * (aStrides[axis] ?? 0);
        bAt += (left % length) * (bStrides[axis] ?? 0);
        left = Math.floor(left / length);
      }
      return (a.data[aAt] ?? 0) + (b.data[bAt] ?? 0);
    });
  },
  gpu: (call) => [
    {
      kernel: addKernel,
      args: [
        { operand: 'a' },
        { operand: 'b' },
        { table: call.shape },
        { table: strides(call.input('a').shape, call.shape) },
        { table: strides(call.input('b').shape, call.shape) },
        call.shape.length,
      ],
      length: count(call.shape),
    },
  ],
};

const addKernel = {
  name: 'add',
  source: function (
    a: Values,
    b: Values,
    lengths: Values,
    aStrides: Values,
    bStrides: Values,
    rank: number,
  ) {
    let left = this.thread.x;
    let aAt = 0;
    let bAt = 0;
    for (let step = 0; step < rank; step++) {
      const axis = rank - 1 - step;
      const length = lengths[axis] as number;
      const at = left % length;
      aAt += at * (aStrides[axis] as number);
      bAt += at * (bStrides[axis] as number);
      left = Math.floor(left / length);
    }
    return (a[aAt] as number) + (b[bAt] as number);
  },
} satisfies Kernel;

function strides(from: readonly number[], to: readonly number[]): readonly number[] {
  const missing = to.length - from.length;
  return to.map((_, axis) => {
    const own = axis - missing;
    return own < 0 || from[own] === 1 ? 0 : count(from.slice(own + 1));
  });
}

/** Rows of a table by index. */
export const gather: Op = {
  ...rest,
  name: 'tiny_gather',
  doc: 'Rows of a table.',
  signature: 'tiny_gather(table: [V, D], rows: [N]) -> [N, D]',
  reference: (call) => {
    const [table, rows] = [call.input('table'), call.input('rows')];
    const width = call.shape[1] ?? 0;
    return Float64Array.from({ length: count(call.shape) }, (_, index) => {
      const row = rows.data[Math.floor(index / width)] ?? 0;
      if (row >= (table.shape[0] ?? 0)) throw new OpFault(`Row ${row} is not in the table.`);
      return table.data[row * width + (index % width)] ?? 0;
    });
  },
  gpu: (call) => [
    {
      kernel: gatherKernel,
      args: [{ operand: 'table' }, { operand: 'rows' }, call.shape[1] ?? 0],
      length: count(call.shape),
    },
  ],
};

const gatherKernel = {
  name: 'gather',
  source: function (table: Values, rows: Values, width: number) {
    const position = Math.floor(this.thread.x / width);
    const column = this.thread.x % width;
    return table[((rows[position] as number) | 0) * width + column] as number;
  },
} satisfies Kernel;

/** Another shape of the same values: no kernel. */
export const reshape: Op = {
  ...rest,
  name: 'tiny_reshape',
  doc: 'The same values in another shape.',
  signature: 'tiny_reshape(x: [...]) -> [...]',
  reference: (call) => call.input('x').data,
  gpu: () => [],
};

/** WGSL forbids shifting by 32 or more, which JavaScript takes for a shift by 0; only the GPU's compiler notices. */
export const broken: Op = {
  ...rest,
  name: 'tiny_broken',
  doc: 'Has a kernel that no GPU compiles.',
  signature: 'tiny_broken(x: [...]) -> [...]',
  reference: (call) => call.input('x').data.map((value, index) => value + index),
  gpu: (call) => [{ kernel: brokenKernel, args: [{ operand: 'x' }], length: count(call.shape) }],
};

const brokenKernel = {
  name: 'broken',
  source: function (x: Values) {
    return (x[this.thread.x] as number) + (this.thread.x << 32);
  },
} satisfies Kernel;

/** Divides, so that 1 / 0 and 0 / 0 reach the result. */
export const divide: Op = {
  ...rest,
  name: 'tiny_divide',
  doc: 'Quotient of values of one shape.',
  signature: 'tiny_divide(a: [...], b: [...]) -> [...]',
  reference: (call) => {
    const b = call.input('b').data;
    return call.input('a').data.map((value, index) => value / (b[index] ?? 1));
  },
  gpu: (call) => [
    {
      kernel: divideKernel,
      args: [{ operand: 'a' }, { operand: 'b' }],
      length: count(call.shape),
    },
  ],
};

const divideKernel = {
  name: 'divide',
  source: function (a: Values, b: Values) {
    return (a[this.thread.x] as number) / (b[this.thread.x] as number);
  },
} satisfies Kernel;

/** Adds a number that is whole in one call and not in the next. */
export const shift: Op = {
  ...rest,
  name: 'tiny_shift',
  doc: 'Adds a number.',
  signature: 'tiny_shift(x: [...], by: number) -> [...]',
  reference: (call) => call.input('x').data.map((value) => value + call.number('by')),
  gpu: (call) => [
    {
      kernel: shiftKernel,
      args: [{ operand: 'x' }, call.number('by')],
      length: count(call.shape),
    },
  ],
};

const shiftKernel = {
  name: 'shift',
  source: function (x: Values, by: number) {
    return (x[this.thread.x] as number) + by;
  },
} satisfies Kernel;

/** Column of each value of a table: division and remainder of indices, and nothing else. */
export const place: Op = {
  ...rest,
  name: 'tiny_place',
  doc: 'Row minus column of each value.',
  signature: 'tiny_place(x: [N, D]) -> [N, D]',
  reference: (call) => {
    const width = call.shape[1] ?? 1;
    return Float64Array.from(
      { length: count(call.shape) },
      (_, index) => Math.floor(index / width) - (index % width),
    );
  },
  gpu: (call) => [
    {
      kernel: placeKernel,
      args: [{ operand: 'x' }, call.shape[1] ?? 1],
      length: count(call.shape),
    },
  ],
};

const placeKernel = {
  name: 'place',
  source: function (x: Values, width: number) {
    const row = Math.floor(this.thread.x / width);
    const column = this.thread.x % width;
    return row - column + 0 * (x[0] as number);
  },
} satisfies Kernel;
