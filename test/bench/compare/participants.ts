/** Who is compared, and how each is started. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { engineFlags } from '../../../src/kernels/index.ts';
import { cacheFolder, hostFolder, peersFolder } from '../paths.ts';
import type { Command } from './peer-process.ts';
import { threads, type Work } from './work.ts';

export interface Participant {
  readonly name: string;
  /** Undefined for TBlock itself: peers have the TBlock that they are compared with, by its Node. */
  readonly node: string | undefined;
  readonly ours: boolean;
  /** The first that starts is taken. */
  readonly commands: readonly Command[];
  readonly takes: (work: Work) => boolean;
}

export interface Absent {
  readonly name: string;
  readonly reason: string;
}

export interface NodeBinary {
  readonly path: string;
  readonly version: string;
}

/** As the editor starts the engine: with its flags, and without them where Node does not know one. */
const flagSets = [engineFlags, []];

const everything = () => true;

export function participants(nodes: readonly NodeBinary[]): readonly Participant[] {
  const [first] = nodes;
  if (first === undefined) throw new Error('There is no Node to run under.');
  const underEach = (name: string, of: (node: NodeBinary) => readonly Command[], ours: boolean) =>
    nodes.map((node) => ({
      name: `${name}, Node ${major(node)}`,
      node: node.version,
      ours,
      commands: of(node),
      takes: everything,
    }));
  const peer = (node: NodeBinary, file: string, ...args: string[]): readonly Command[] => [
    { program: node.path, args: [`${peersFolder}${file}`, ...args] },
  ];
  const plain = { node: undefined, ours: false };
  return [
    ...underEach('TBlock', tblock, true),
    ...underEach(
      'onnxruntime-web',
      (node) => peer(node, 'onnxruntime.mjs', 'onnxruntime-web'),
      false,
    ),
    {
      ...plain,
      name: 'onnxruntime-node',
      commands: peer(first, 'onnxruntime.mjs', 'onnxruntime-node'),
      takes: everything,
    },
    {
      ...plain,
      name: 'tfjs-wasm',
      commands: peer(first, 'tfjs.mjs'),
      // On one thread, it takes twenty seconds for the longest.
      takes: ({ flops }: Work) => flops < 20e9,
    },
    // Without tiling a further billion operations takes one of them about half a second, the other three.
    ...Object.entries({ webasm: 5e9, cpu: 3e9 }).map(([mode, most]) => ({
      ...plain,
      name: `gpu.js ${mode}`,
      commands: peer(first, 'gpu-js.mjs', mode),
      takes: ({ flops }: Work) => flops < most,
    })),
  ];
}

/**
 * PyTorch in the first Python that has it, with a BLAS that deserves the comparison; and where the processor has vectors of
 * 512 bits, of which V8 uses 256, once more with a BLAS that does the same.
 */
export function pytorch(): readonly (Participant | Absent)[] {
  const name = 'PyTorch';
  const { PYTHON: chosen } = process.env;
  const candidates = chosen === undefined ? ['python3', '/usr/bin/python3'] : [chosen];
  const python = candidates.find((each) => spawnSync(each, ['-c', 'import torch']).status === 0);
  if (python === undefined) return [{ name, reason: `no torch in ${candidates.join(' or ')}` }];
  const environment = { OMP_NUM_THREADS: `${threads}`, ...openBlas() };
  const args = [`${peersFolder}torch_side.py`];
  const under = (variables: Readonly<Record<string, string>>) => ({
    ...{ node: undefined, ours: false, takes: everything },
    commands: [{ program: python, args, environment: { ...environment, ...variables } }],
  });
  const widest = { name, ...under({}) };
  if (!hasWideVectors()) return [widest];
  const narrow = under({ OPENBLAS_CORETYPE: 'Haswell', MKL_ENABLE_INSTRUCTIONS: 'AVX2' });
  return [widest, { name: `${name}, 256 bits`, ...narrow }];
}

function hasWideVectors(): boolean {
  const description = '/proc/cpuinfo';
  return existsSync(description) && /\bavx512f\b/.test(readFileSync(description, 'utf8'));
}

/** Debian keeps several BLAS side by side; of OpenBLAS only the OpenMP build shares its threads with PyTorch. */
function openBlas(): Readonly<Record<string, string>> {
  const folder = '/usr/lib';
  if (!existsSync(folder)) return {};
  const found = readdirSync(folder)
    .map((name) => `${folder}/${name}/openblas-openmp`)
    .find((path) => existsSync(path));
  if (found === undefined) return {};
  const { LD_LIBRARY_PATH: before = '' } = process.env;
  return { LD_LIBRARY_PATH: before === '' ? found : `${found}:${before}` };
}

/** This Node, the ones asked for, and the one that the offline VS Code brings along. */
export function nodeBinaries(asked: readonly string[]): readonly NodeBinary[] {
  const hosted = existsSync(hostFolder)
    ? readdirSync(hostFolder)
        .filter((name) => /^node-/.test(name))
        .map((name) => `${hostFolder}${name}/bin/node`)
        .filter((path) => existsSync(path) && statSync(path).isFile())
    : [];
  const byMajor = new Map<number, NodeBinary>();
  for (const path of [process.execPath, ...asked, ...hosted]) {
    const { stdout, status } = spawnSync(path, ['--version'], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${path} is no Node that runs here.`);
    const node = { path, version: stdout.trim().slice(1) };
    if (!byMajor.has(major(node))) byMajor.set(major(node), node);
  }
  return [...byMajor.values()];
}

function major({ version }: NodeBinary): number {
  return Number.parseInt(version, 10);
}

function tblock(node: NodeBinary): readonly Command[] {
  const side = `${cacheFolder}tblock-side.mjs`;
  return flagSets.map((flags) => ({ program: node.path, args: [...flags, side] }));
}
