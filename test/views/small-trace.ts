import type { Axis, TensorInfo, TensorValues, Trace } from '../../src/trace/index.ts';

/** One tensor by its path: axes as text (`N=2 d=3`) and its values, row by row. */
export interface SmallTensor {
  readonly axes: string;
  readonly values: readonly number[];
  readonly dtype?: 'f32' | 'int';
}

/** A trace written by hand; everything but the tensors may be left out. */
export function smallTrace(
  tensors: Readonly<Record<string, SmallTensor>>,
  parts: Partial<Trace> = {},
): Trace {
  const values = new Map<string, TensorValues>();
  for (const [path, tensor] of Object.entries(tensors)) {
    values.set(path, { info: infoOf(path, tensor), data: Float32Array.from(tensor.values) });
  }
  const aliases = parts.aliases ?? new Map<string, string>();
  return {
    program: 'block.tblock',
    run: 'small',
    model: 'M',
    seed: 42,
    backend: { name: 'reference', description: 'float64 reference', reason: 'It was asked for.' },
    dims: [],
    milliseconds: 1.5,
    timings: [],
    memory: { expected: 0, process: 0 },
    tensors: new Map([...values].map(([path, { info }]) => [path, info])),
    aliases,
    outputs: [],
    streams: [],
    patterns: [],
    statements: [],
    operations: [],
    madeBy: new Map((parts.operations ?? []).map(({ path }, index) => [path ?? '', index])),
    expectations: [],
    sweep: undefined,
    generation: undefined,
    tokens: undefined,
    read: async (path) => values.get(aliases.get(path) ?? path),
    readOperation: async () => undefined,
    replay: async () => undefined,
    ...parts,
  };
}

function infoOf(path: string, tensor: SmallTensor): TensorInfo {
  const axes: Axis[] = tensor.axes
    .split(' ')
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', size = ''] = part.split('=');
      return { name, size: Number(size) };
    });
  const source = { uri: 'block.tblock', start: 0, end: path.length };
  const dtype = tensor.dtype ?? 'f32';
  return { path, axes, dtype, role: 'intermediate', operator: '+', source, callers: [] };
}
