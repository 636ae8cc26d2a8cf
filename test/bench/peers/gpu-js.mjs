/** gpu.js's own modes with plain kernels: `node gpu-js.mjs webasm`, or `cpu`. One kernel an operator, no tiling. */
import { createRequire } from 'node:module';
import { GPU, input } from 'gpu.js';
import { forward } from './forward.mjs';
import { serve } from './line.mjs';
import { plainKernels } from './plain-kernels.mjs';
import { editedValues, tensorsIn, valuesOf } from './tensors.mjs';

const [, , mode] = process.argv;
const gpu = new GPU({ mode });
const kernels = new Map();
let work;
let weights;
let inputs;
let edited;

await serve({
  prepare: async (given) => {
    work = given;
    weights = tensorsOf(work.weights);
    if (work.edited !== undefined) {
      const { shape, data } = weights.get(work.edited);
      edited = { shape, data: editedValues(data) };
    }
    inputs = work.inputs === undefined ? new Map() : tensorsOf(work.inputs);
    if (work.tokens !== undefined)
      inputs.set('tokens', {
        shape: [work.tokens.length, 1],
        data: Float32Array.from(work.tokens),
      });
    const { version } = createRequire(import.meta.url)('gpu.js/package.json');
    return `gpu.js ${version} ${mode}`;
  },
  run: async (turn) => {
    const kept = new Map();
    forward(work, operators(turn), (name, value) => {
      kept.set(name, value);
      return value;
    });
    for (const { data } of kept.values()) await data;
    return kept;
  },
  read: async (kept, name) => kept.get(name).data,
  release: () => {},
});

function tensorsOf(path) {
  const entries = [...tensorsIn(path)];
  return new Map(
    entries.map(([name, entry]) => [name, { shape: entry.shape, data: valuesOf(entry) }]),
  );
}

/** Values are { shape, data }, where data may be a promise: kernels are called when what they read is there. */
function operators(turn) {
  const rowsOf = ({ shape }) => shape.slice(0, -1).reduce((product, length) => product * length, 1);
  const columnsOf = ({ shape }) => shape.at(-1);
  const same = (source, x, others = [], constants = {}) =>
    apply(source, [x, ...others], x.shape, { columns: columnsOf(x), ...constants });
  const product = (plain, batched, a, b, columns) => {
    const constants = { k: columnsOf(a), rows: a.shape.at(-2), between: b.shape.at(-2) };
    const shape = [...a.shape.slice(0, -1), columns];
    return apply(a.shape.length === 2 ? plain : batched, [a, b], shape, constants);
  };
  return {
    param: (path) => (path === work.edited && turn % 2 === 1 ? edited : weights.get(path)),
    input: (name) => inputs.get(name),
    gather: (table, ids) =>
      apply(plainKernels.gather, [table, ids], [ids.shape[0], columnsOf(table)]),
    rows: ({ shape: [, width], data }, start, count) => ({
      shape: [count, width],
      data: data.subarray(start * width, (start + count) * width),
    }),
    matmul: (a, b) => product(plainKernels.matmul, plainKernels.batchedMatmul, a, b, columnsOf(b)),
    matmulTransposed: (a, b) =>
      product(plainKernels.transposed, plainKernels.batchedTransposed, a, b, b.shape.at(-2)),
    add: (a, b) => same(b.shape.length === 1 ? plainKernels.addRow : plainKernels.add, a, [b]),
    scale: (x, factor) => same(plainKernels.scale, x, [], { factor }),
    layerNorm: (x, gamma, beta) => {
      const statistics = apply(plainKernels.moments, [x], [rowsOf(x), 2], {
        columns: columnsOf(x),
      });
      return same(plainKernels.normalise, x, [statistics, gamma, beta]);
    },
    splitHeads: (x, heads) => {
      const [rows, width] = x.shape;
      return apply(plainKernels.splitHeads, [x], [heads, rows, width / heads], {
        rows,
        width: width / heads,
      });
    },
    mergeHeads: (x) => {
      const [heads, rows, width] = x.shape;
      return apply(plainKernels.mergeHeads, [x], [rows, heads * width], { rows, width });
    },
    inputPart: (name, index) => {
      const [, ...shape] = inputs.get(name).shape;
      const length = shape.reduce((product, axis) => product * axis, 1);
      return { shape, data: inputs.get(name).data.subarray(index * length, (index + 1) * length) };
    },
    concat: (a, b) => {
      const [heads, before, width] = a.shape;
      const [, added] = b.shape;
      const shape = [heads, before + added, width];
      return apply(plainKernels.concat, [a, b], shape, { before, added, rows: before + added });
    },
    causalMask: (x) => same(plainKernels.causalMask, x, [], { rows: x.shape.at(-2) }),
    softmax: (x) => {
      const statistics = apply(plainKernels.sums, [x], [rowsOf(x), 2], { columns: columnsOf(x) });
      return same(plainKernels.softmax, x, [statistics]);
    },
    gelu: (x) => same(plainKernels.gelu, x),
    relu: (x) => same(plainKernels.relu, x),
  };
}

/** Every kernel is two-dimensional: leading axes are rows. */
function apply(source, operands, shape, constants = {}) {
  const columns = shape.at(-1);
  const rows = shape.slice(0, -1).reduce((product, length) => product * length, 1);
  const key = `${source.name} ${rows} ${columns} ${JSON.stringify(constants)} ${operands.map((each) => each.shape)}`;
  const known = kernels.get(key);
  const kernel =
    known ??
    gpu.createKernel(source, {
      output: [columns, rows],
      constants,
      loopMaxIterations: 0x7fff_ffff,
      asyncMode: mode !== 'cpu',
    });
  kernels.set(key, kernel);
  return { shape, data: called(kernel, operands, rows * columns) };
}

async function called(kernel, operands, length) {
  const args = [];
  for (const { shape, data } of operands) {
    const values = await data;
    const width = shape.at(-1);
    args.push(shape.length === 1 ? values : input(values, [width, values.length / width]));
  }
  const rows = await kernel(...args);
  const values = new Float32Array(length);
  for (const [i, row] of rows.entries()) values.set(row, i * row.length);
  return values;
}
