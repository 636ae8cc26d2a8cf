/** A workload as TBlock's graph, with the values it starts from. */
import { existsSync, readFileSync } from 'node:fs';
import { analyze, buildRun } from '../../../src/analysis/index.ts';
import type { Feed, Feeds } from '../../../src/engine/index.ts';
import {
  openSafetensors,
  type SafetensorsFile,
  type WritableTensor,
  writeSafetensors,
} from '../../../src/formats/index.ts';
import type { Graph, InputNode, NodeId, ParameterNode } from '../../../src/graph/index.ts';
import { diskFiles, uriOf } from '../../../src/session/index.ts';
import type { Work } from './work.ts';

export function graphOf({ program, target, dims }: Work): Graph {
  const files = diskFiles();
  const overrides = { dims: new Map(Object.entries(dims)), weights: undefined };
  const wish = { target, overrides };
  const analysis = analyze(uriOf(program), readFileSync(program, 'utf8'), files, { wish });
  const around = {
    program: analysis.program,
    textOf: analysis.textOf,
    files: { shapeOf: () => undefined, tokensOf: () => undefined },
  };
  const built = buildRun(around, target);
  const errors = built?.diagnostics.filter(({ severity }) => severity === 'error') ?? [];
  const [error] = errors;
  if (built?.graph === undefined || error !== undefined)
    throw new Error(`${program}: ${error?.message ?? 'it cannot be laid out'}`);
  return built.graph;
}

/**
 * Values of every parameter and input, for each turn. Weights stay what they were, so an engine may keep what it made of
 * them; what is new in every run, the inputs or the edited weights, has a key of its own each time, so that nothing
 * that depends on it can be taken from the run before.
 */
export function feedsOfTurns(graph: Graph, work: Work): (turn: number) => Feeds {
  const weights = opened(work.weights);
  const inputs = work.inputs === undefined ? undefined : opened(work.inputs);
  const kept = new Map<NodeId, Feed>(
    graph.parameters.map(({ id, path }) => [
      id,
      { key: path, fill: (target) => target.set(read(weights, path)) },
    ]),
  );
  const values = new Map<NodeId, Float32Array>(
    graph.inputs.map(({ id, name }) => [
      id,
      name === 'tokens' ? Float32Array.from(work.tokens ?? []) : read(inputs, name),
    ]),
  );
  if (work.edited === undefined) {
    return (turn) => new Map([...kept, ...[...values].map(([id, data]) => named(id, turn, data))]);
  }
  for (const [id, data] of values) kept.set(...named(id, 0, data));
  const edited = graph.values.get(work.edited);
  if (edited === undefined) throw new Error(`There is no ${work.edited} to edit.`);
  const original = read(weights, work.edited);
  const versions = [original, original.map((value) => value * 1.5)] as const;
  return (turn) => new Map([...kept, named(edited, turn, versions[turn % 2 === 0 ? 0 : 1])]);
}

function named(id: NodeId, turn: number, data: Float32Array): [NodeId, Feed] {
  return [id, { key: `${id} in turn ${turn}`, fill: (target) => target.set(data) }];
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

function read(file: SafetensorsFile | undefined, name: string): Float32Array {
  const data = file?.readFloat32(name);
  if (data?.ok) return data.value;
  throw new Error(data?.error.message ?? `There is no file with ${name}.`);
}
