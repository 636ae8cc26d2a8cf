/** onnxruntime: `node onnxruntime.mjs onnxruntime-node`, or `onnxruntime-web`, its WebAssembly build. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { serve } from './line.mjs';
import { onnxModel } from './onnx-graph.mjs';
import { editedValues, tensorsIn, valuesOf } from './tensors.mjs';

const [, , name] = process.argv;
const ort = await import(name);
let session;
let feeds;

await serve({
  prepare: async (work) => {
    writeFileSync(work.graph, onnxModel(work));
    session = name === 'onnxruntime-web' ? await openWeb(work) : await openNode(work);
    const original = await feedsOf(work, (values) => values);
    feeds = [original, work.edited === undefined ? original : await feedsOf(work, editedValues)];
    const { version } = createRequire(import.meta.url)(`./node_modules/${name}/package.json`);
    return `${name} ${version}`;
  },
  run: (turn) => session.run(feeds[turn % 2]),
  read: async (result, path) => result[path].data,
  release: (result) => {
    for (const tensor of Object.values(result)) tensor.dispose();
  },
});

function openNode(work) {
  return ort.InferenceSession.create(work.graph, {
    intraOpNumThreads: work.threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
  });
}

function openWeb(work) {
  ort.env.wasm.numThreads = work.threads;
  ort.env.wasm.simd = true;
  return ort.InferenceSession.create(readFileSync(work.graph), {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
    externalData: [{ path: basename(work.weights), data: readFileSync(work.weights) }],
  });
}

async function feedsOf(work, edit) {
  const given = new Map();
  const tensor = (values, shape) => new ort.Tensor('float32', values, shape);
  if (work.tokens !== undefined) {
    const ids = BigInt64Array.from(work.tokens, BigInt);
    given.set('tokens', new ort.Tensor('int64', ids, [ids.length]));
  }
  for (const [path, entry] of work.inputs === undefined ? [] : tensorsIn(work.inputs)) {
    const values = valuesOf(entry);
    given.set(path, tensor(values, entry.shape));
    const [parts, ...shape] = entry.shape;
    const length = values.length / parts;
    for (let i = 0; i < parts; i += 1)
      given.set(`${path}.${i}`, tensor(values.slice(i * length, (i + 1) * length), shape));
  }
  if (work.edited !== undefined) {
    const entry = tensorsIn(work.weights).get(work.edited);
    given.set(work.edited, tensor(edit(valuesOf(entry)), entry.shape));
  }
  return Object.fromEntries(session.inputNames.map((input) => [input, given.get(input)]));
}
