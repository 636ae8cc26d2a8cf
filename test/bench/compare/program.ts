/** A workload as TBlock's graph, with the values it starts from. */
import { existsSync, readFileSync } from 'node:fs';
import { analyze, buildRun } from '../../../src/analysis/index.ts';
import {
  openSafetensors,
  type SafetensorsFile,
  type WritableTensor,
  writeSafetensors,
} from '../../../src/formats/index.ts';
import type { Graph, InputNode, NodeId, ParameterNode } from '../../../src/graph/index.ts';
import type { HostTensor } from '../../../src/ops/index.ts';
import { diskFiles, uriOf } from '../../../src/session/index.ts';
import type { Work } from './work.ts';

export function graphOf({ program, target, dims }: Work): Graph {
  const files = diskFiles();
  const overrides = { dims: new Map(Object.entries(dims)), weights: undefined };
  const wish = { target, overrides };
  const analysis = analyze(uriOf(program), readFileSync(program, 'utf8'), files, wish);
  const around = {
    program: analysis.program,
    textOf: analysis.textOf,
    shapeOfFile: () => undefined,
  };
  const built = buildRun(around, target);
  const errors = built?.diagnostics.filter(({ severity }) => severity === 'error') ?? [];
  const [error] = errors;
  if (built?.graph === undefined || error !== undefined)
    throw new Error(`${program}: ${error?.message ?? 'it cannot be laid out'}`);
  return built.graph;
}

/** Values of every parameter and input. */
export function feedsOf(graph: Graph, work: Work): Map<NodeId, HostTensor> {
  const weights = opened(work.weights);
  const inputs = work.inputs === undefined ? undefined : opened(work.inputs);
  return new Map<NodeId, HostTensor>([
    ...graph.parameters.map(
      ({ id, path, shape }) => [id, { shape, data: read(weights, path) }] as const,
    ),
    ...graph.inputs.map(({ id, name, shape }) => {
      const data = name === 'tokens' ? Float64Array.from(work.tokens ?? []) : read(inputs, name);
      return [id, { shape, data }] as const;
    }),
  ]);
}

/** Writes the files that all peers read, where they are not there yet. Every value follows from its place alone. */
export function writeTensors(work: Work): void {
  if (existsSync(work.weights) && (work.inputs === undefined || existsSync(work.inputs))) return;
  const graph = graphOf(work);
  write(work.weights, graph.parameters, ({ path }) => path);
  const given = graph.inputs.filter(({ name }) => name !== 'tokens');
  if (work.inputs !== undefined) write(work.inputs, given, ({ name }) => name);
}

function write<N extends InputNode | ParameterNode>(
  path: string,
  nodes: readonly N[],
  nameOf: (node: N) => string,
): void {
  if (existsSync(path)) return;
  const tensors = new Map(
    nodes.map((node, i): [string, WritableTensor] => {
      const name = nameOf(node);
      return [name, { shape: node.shape, data: randomValues(node.shape, name, i) }];
    }),
  );
  const written = writeSafetensors(path, tensors);
  if (!written.ok) throw new Error(written.error.message);
}

/** Scaled so that a deep stack stays in range: 1/√rows for matrices, 0.02 for embeddings, about 1 for gains. */
function randomValues(shape: readonly number[], name: string, seed: number): Float32Array {
  const [rows = 1] = shape;
  const gain = name.endsWith('gamma');
  const spread = /^w[tp]e$/.test(name) || shape.length === 1 ? 0.02 : 1 / Math.sqrt(rows);
  const next = uniform(seed + 1);
  const values = new Float32Array(shape.reduce((product, length) => product * length, 1));
  for (let i = 0; i < values.length; i += 1) {
    // The sum of three uniform numbers, moved to mean 0 and variance 1.
    const normal = 2 * (next() + next() + next() - 1.5);
    values[i] = (gain ? 1 : 0) + spread * normal;
  }
  return values;
}

/** A linear congruential generator (Numerical Recipes), enough for weights that only have to differ. */
function uniform(seed: number): () => number {
  let state = Math.imul(seed, 2654435761) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function opened(path: string): SafetensorsFile {
  const file = openSafetensors(path);
  if (!file.ok) throw new Error(file.error.message);
  return file.value;
}

function read(file: SafetensorsFile | undefined, name: string): Float64Array {
  const data = file?.readFloat64(name);
  if (data?.ok) return data.value;
  throw new Error(data?.error.message ?? `There is no file with ${name}.`);
}
