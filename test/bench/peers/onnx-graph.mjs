/** Writes a workload as an ONNX graph whose outputs are all its values; the weights stay in their own file. */
import { basename } from 'node:path';
import onnxProto from 'onnx-proto';
import { forward } from './forward.mjs';
import { tensorsIn } from './tensors.mjs';

const { onnx } = onnxProto;
const float = onnx.TensorProto.DataType.FLOAT;
const int64 = onnx.TensorProto.DataType.INT64;

/** The bytes of the model; its outputs have the names that `forward` gives. */
export function onnxModel(work) {
  const graph = new GraphWriter(work);
  forward(work, graph.ops, (name, value) => graph.keep(name, value));
  const model = onnx.ModelProto.create({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 20 }],
    graph: {
      name: work.model,
      node: graph.nodes,
      initializer: [...graph.initializers.values()],
      input: [...graph.inputs.values()],
      output: graph.outputs,
    },
  });
  return onnx.ModelProto.encode(model).finish();
}

/** A value is its name and its shape. */
class GraphWriter {
  nodes = [];
  initializers = new Map();
  inputs = new Map();
  outputs = [];

  constructor(work) {
    const weights = tensorsIn(work.weights);
    const given = work.inputs === undefined ? new Map() : tensorsIn(work.inputs);
    const node = (type, inputs, shape, attribute = []) => this.node(type, inputs, shape, attribute);
    const matmul = (a, b) => node('MatMul', [a, b], [...a.shape.slice(0, -1), b.shape.at(-1)]);
    const transpose = (x, perm) =>
      node(
        'Transpose',
        [x],
        perm.map((axis) => x.shape[axis]),
        [{ name: 'perm', type: onnx.AttributeProto.AttributeType.INTS, ints: perm }],
      );
    const reshape = (x, shape) => node('Reshape', [x, this.integers(shape)], shape);
    this.ops = {
      param: (path) =>
        path === work.edited
          ? this.input(path, weights.get(path).shape)
          : this.weight(weights.get(path)),
      input: (name) =>
        name === 'tokens'
          ? this.input(name, [work.tokens.length], int64)
          : this.input(name, given.get(name).shape),
      inputPart: (name, index) => {
        const [, ...shape] = given.get(name).shape;
        return this.input(`${name}.${index}`, shape);
      },
      gather: (table, rows) => node('Gather', [table, rows], [rows.shape[0], table.shape[1]]),
      rows: (table, start, count) =>
        node(
          'Slice',
          [table, this.integers([start]), this.integers([start + count]), this.integers([0])],
          [count, table.shape[1]],
        ),
      matmul,
      matmulTransposed: (a, b) =>
        a.shape.length === 2
          ? node('Gemm', [a, b], [a.shape[0], b.shape[0]], [integer('transB', 1)])
          : matmul(a, transpose(b, [0, 2, 1])),
      add: (a, b) => node('Add', [a, b], a.shape),
      scale: (x, factor) => node('Mul', [x, this.floats([], [factor])], x.shape),
      layerNorm: (x, gamma, beta) =>
        node('LayerNormalization', [x, gamma, beta], x.shape, [real('epsilon', 1e-5)]),
      splitHeads: (x, heads) =>
        transpose(reshape(x, [x.shape[0], heads, x.shape[1] / heads]), [1, 0, 2]),
      mergeHeads: (x) => reshape(transpose(x, [1, 0, 2]), [x.shape[1], x.shape[0] * x.shape[2]]),
      concat: (a, b) =>
        node(
          'Concat',
          [a, b],
          [a.shape[0], a.shape[1] + b.shape[1], a.shape[2]],
          [integer('axis', 1)],
        ),
      causalMask: (x) => node('Add', [x, this.mask(...x.shape.slice(-2))], x.shape),
      softmax: (x) => node('Softmax', [x], x.shape, [integer('axis', -1)]),
      gelu: (x) => node('Gelu', [x], x.shape, [text('approximate', 'tanh')]),
      relu: (x) => node('Relu', [x], x.shape),
    };
  }

  node(opType, inputs, shape, attribute) {
    const value = { name: `v${this.nodes.length}`, shape };
    const input = inputs.map(({ name }) => name);
    this.nodes.push({ opType, input, output: [value.name], attribute });
    return value;
  }

  /** The last node's value gets the name under which it is an output. */
  keep(name, value) {
    this.nodes.find(({ output }) => output[0] === value.name).output[0] = name;
    const kept = { name, shape: value.shape };
    this.outputs.push(valueInfo(kept, float));
    return kept;
  }

  input(name, shape, type = float) {
    const value = { name, shape };
    this.inputs.set(name, valueInfo(value, type));
    return value;
  }

  weight({ name, path, shape, offset, length }) {
    const place = { location: basename(path), offset: `${offset}`, length: `${length}` };
    this.initializers.set(name, {
      name,
      dims: shape,
      dataType: float,
      dataLocation: onnx.TensorProto.DataLocation.EXTERNAL,
      externalData: Object.entries(place).map(([key, value]) => ({ key, value })),
    });
    return { name, shape };
  }

  integers(values) {
    const name = `integers ${values}`;
    const dims = [values.length];
    this.initializers.set(name, { name, dims, dataType: int64, int64Data: values });
    return { name, shape: dims };
  }

  floats(shape, values) {
    const name = `floats ${shape} ${values.length > 1 ? 'mask' : values}`;
    const rawData = new Uint8Array(Float32Array.from(values).buffer);
    this.initializers.set(name, { name, dims: shape, dataType: float, rawData });
    return { name, shape };
  }

  mask(rows, columns) {
    const values = Float32Array.from({ length: rows * columns }, (_, i) =>
      (i % columns) - Math.floor(i / columns) > columns - rows ? Number.NEGATIVE_INFINITY : 0,
    );
    return this.floats([rows, columns], values);
  }
}

function valueInfo({ name, shape }, elemType) {
  const dim = shape.map((dimValue) => ({ dimValue }));
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}

function integer(name, i) {
  return { name, type: onnx.AttributeProto.AttributeType.INT, i };
}

function real(name, f) {
  return { name, type: onnx.AttributeProto.AttributeType.FLOAT, f };
}

function text(name, s) {
  return { name, type: onnx.AttributeProto.AttributeType.STRING, s: Buffer.from(s) };
}
