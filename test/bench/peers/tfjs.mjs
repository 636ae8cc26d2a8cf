/** TensorFlow.js with its WebAssembly backend. Its threads start in browsers only. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { forward } from './forward.mjs';
import { serve } from './line.mjs';
import { editedValues, tensorsIn, valuesOf } from './tensors.mjs';

const package_ = fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm'));
let work;
let weights;
let edited;
let inputs;
let mask;

await serve({
  prepare: async (given) => {
    work = given;
    setWasmPaths(`${join(dirname(package_), '..', 'wasm-out')}/`);
    await tf.setBackend('wasm');
    weights = tensorsOf(tensorsIn(work.weights));
    if (work.edited !== undefined) {
      const entry = tensorsIn(work.weights).get(work.edited);
      edited = tf.tensor(editedValues(valuesOf(entry)), entry.shape);
    }
    inputs = tensorsOf(work.inputs === undefined ? new Map() : tensorsIn(work.inputs));
    if (work.tokens !== undefined) inputs.set('tokens', tf.tensor1d(work.tokens, 'int32'));
    return `tfjs-wasm ${version_wasm}`;
  },
  run: async (turn) => {
    const kept = new Map();
    tf.tidy(() => {
      forward(work, operators(turn), (name, value) => {
        kept.set(name, tf.keep(value));
        return value;
      });
    });
    return kept;
  },
  read: async (kept, name) => kept.get(name).dataSync(),
  release: (kept) => {
    for (const tensor of kept.values()) tensor.dispose();
  },
});

function tensorsOf(entries) {
  return new Map(
    [...entries].map(([name, entry]) => [name, tf.tensor(valuesOf(entry), entry.shape)]),
  );
}

function operators(turn) {
  return {
    param: (path) => (path === work.edited && turn % 2 === 1 ? edited : weights.get(path)),
    input: (name) => inputs.get(name),
    inputPart: (name, index) => tf.gather(inputs.get(name), index),
    gather: (table, rows) => tf.gather(table, rows),
    rows: (table, start, count) => tf.slice(table, [start, 0], [count, -1]),
    matmul: (a, b) => tf.matMul(a, b),
    matmulTransposed: (a, b) => tf.matMul(a, b, false, true),
    add: (a, b) => tf.add(a, b),
    scale: (x, factor) => tf.mul(x, factor),
    layerNorm: (x, gamma, beta) => {
      const centred = tf.sub(x, tf.mean(x, -1, true));
      const variance = tf.mean(tf.square(centred), -1, true);
      return tf.add(tf.mul(tf.mul(gamma, centred), tf.rsqrt(tf.add(variance, 1e-5))), beta);
    },
    splitHeads: (x, heads) =>
      tf.transpose(tf.reshape(x, [x.shape[0], heads, x.shape[1] / heads]), [1, 0, 2]),
    mergeHeads: (x) =>
      tf.reshape(tf.transpose(x, [1, 0, 2]), [x.shape[1], x.shape[0] * x.shape[2]]),
    concat: (a, b) => tf.concat([a, b], 1),
    causalMask: (x) => tf.add(x, maskOf(...x.shape.slice(-2))),
    softmax: (x) => tf.softmax(x),
    gelu: (x) => {
      const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715)), 0.7978845608);
      return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
    },
    relu: (x) => tf.relu(x),
  };
}

/** The same in every layer and every run. */
function maskOf(rows, columns) {
  mask ??= tf.keep(
    tf.tensor2d(
      Float32Array.from({ length: rows * columns }, (_, i) =>
        (i % columns) - Math.floor(i / columns) > columns - rows ? Number.NEGATIVE_INFINITY : 0,
      ),
      [rows, columns],
    ),
  );
  return mask;
}
