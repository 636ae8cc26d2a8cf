/** Weights from a safetensors file: by path, or through a mapping. */

import { literalDim } from '../dims/index.ts';
import { openSafetensors, type SafetensorsFile } from '../formats/index.ts';
import { type ParameterNode, pathPattern } from '../graph/index.ts';
import { type HostTensor, opWritten, type SliceValue } from '../ops/index.ts';
import {
  type CheckedWeights,
  completeSlice,
  type DiagnosticList,
  nearestName,
  numberOf,
  type SliceExpression,
  type WeightMapping,
} from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';
import { pathOf } from './disk-files.ts';
import type { FeedRequest } from './feeds.ts';
import { GatheredProblems } from './gathered-problems.ts';

/** Values by parameter path; undefined where the run names no weights. Every problem is reported, all at once. */
export function readWeights(
  request: FeedRequest,
  diagnostics: DiagnosticList,
): ReadonlyMap<string, Float64Array> | undefined {
  const { run, program, graph, files } = request;
  const weights = run?.weights;
  if (weights === undefined) return undefined;
  const mapping = weights.kind === 'mapping' ? program.weights.get(weights.name) : undefined;
  const name = weights.kind === 'file' ? weights.file : (mapping?.file ?? '');
  const opened = openSafetensors(pathOf(files.resolve(program.uri, name)));
  const values = new Map<string, Float64Array>();
  if (!opened.ok) {
    diagnostics.report(
      'fileUnreadable',
      mapping?.fileSource ?? weights.source,
      opened.error.message,
    );
    return values;
  }
  const problems = new GatheredProblems();
  for (const node of graph.parameters) {
    const from = mapping === undefined ? byPath(node, weights.source) : byMapping(node, mapping);
    if (from === undefined) {
      problems.report('weightMissing', mapping?.source ?? weights.source, unmapped(node, mapping));
      continue;
    }
    const tensor = readTensor(opened.value, node, from, request, problems);
    if (tensor !== undefined) values.set(node.path, tensor.data);
  }
  problems.reportTo(diagnostics);
  return values;
}

/** Where a parameter comes from: tensors that are stacked where there are several. */
interface Origin {
  readonly tensors: (available: Iterable<string>) => readonly string[];
  readonly steps: WeightMapping['steps'];
  readonly place: SourceRange;
  readonly written: string;
}

function byPath(node: ParameterNode, place: SourceRange): Origin {
  return { tensors: () => [node.path], steps: [], place, written: node.path };
}

function byMapping(node: ParameterNode, { mappings }: CheckedWeights): Origin | undefined {
  for (const mapping of mappings) {
    const match = pathPattern(mapping.path).exec(node.path);
    if (match === null) continue;
    const indices = match.slice(1);
    return {
      tensors: (available) => tensorNames(mapping.tensor, indices, available),
      steps: mapping.steps,
      place: mapping.tensorSource,
      written: filled(mapping.tensor, indices),
    };
  }
  return undefined;
}

/** `h.*.weight` with the indices put in, by position; a `*` that is left over stacks. */
function tensorNames(
  pattern: string,
  indices: readonly string[],
  available: Iterable<string>,
): readonly string[] {
  const name = filled(pattern, indices);
  if (!name.includes('*')) return [name];
  const matcher = pathPattern(name);
  return [...available]
    .filter((candidate) => matcher.test(candidate))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

function filled(pattern: string, indices: readonly string[]): string {
  return indices.reduce((text, index) => text.replace('*', index), pattern);
}

function unmapped(node: ParameterNode, mapping: CheckedWeights | undefined): string {
  return `The parameter ${node.path}, [${node.shape.join(', ')}], has no mapping${mapping ? ` in ${mapping.name}` : ''}: write ${node.path} <- "…".`;
}

function readTensor(
  file: SafetensorsFile,
  node: ParameterNode,
  origin: Origin,
  request: FeedRequest,
  problems: GatheredProblems,
): HostTensor | undefined {
  const names = origin.tensors(file.tensors.keys());
  const missing =
    names.length === 0 ? origin.written : names.find((name) => !file.tensors.has(name));
  if (missing !== undefined) {
    const near = nearestName(missing, file.tensors.keys());
    const hint = near === undefined ? '' : ` Did you mean ${near}?`;
    const message = `${file.path} has no tensor ${missing} for ${node.path}, [${node.shape.join(', ')}].${hint}`;
    problems.report('weightMissing', origin.place, message);
    return undefined;
  }
  const parts: HostTensor[] = [];
  for (const name of names) {
    const data = file.readFloat64(name);
    if (!data.ok) {
      problems.report('fileUnreadable', origin.place, data.error.message);
      return undefined;
    }
    const stored = { shape: file.tensors.get(name)?.shape ?? [], data: data.value };
    const part = transformed(stored, origin, request, problems);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  const tensor = origin.written.includes('*') ? stacked(parts) : parts[0];
  if (tensor === undefined || `${tensor.shape}` !== `${node.shape}`) {
    const found =
      tensor === undefined ? 'tensors of different shapes' : `[${tensor.shape.join(', ')}]`;
    const swapped = `${[...(tensor?.shape ?? [])].reverse()}` === `${node.shape}`;
    const hint = swapped ? ` Its transpose fits: write "…".T in a mapping.` : '';
    const message = `${origin.written} gives ${found}, but ${node.path} is [${node.shape.join(', ')}].${hint}`;
    problems.report('weightShape', origin.place, message);
    return undefined;
  }
  return tensor;
}

function stacked(parts: readonly HostTensor[]): HostTensor | undefined {
  const [first] = parts;
  if (first === undefined || parts.some(({ shape }) => `${shape}` !== `${first.shape}`))
    return undefined;
  const data = new Float64Array(first.data.length * parts.length);
  for (const [i, part] of parts.entries()) data.set(part.data, i * first.data.length);
  return { shape: [parts.length, ...first.shape], data };
}

/** Slices and transposes by the operators' own definitions. */
function transformed(
  tensor: HostTensor,
  { steps, place }: Origin,
  request: FeedRequest,
  problems: GatheredProblems,
): HostTensor | undefined {
  let current = tensor;
  for (const step of steps) {
    const next =
      step.kind === 'transpose' ? transposed(current) : sliced(current, step.slice, request);
    if (next === undefined) {
      const message = `A step of this mapping does not fit a tensor [${current.shape.join(', ')}].`;
      problems.report('weightShape', place, message);
      return undefined;
    }
    current = next;
  }
  return current;
}

function transposed(tensor: HostTensor): HostTensor | undefined {
  const { shape } = tensor;
  const [rows, columns] = shape.slice(-2);
  if (rows === undefined || columns === undefined) return undefined;
  const swapped = [...shape.slice(0, -2), columns, rows];
  const op = opWritten({ kind: 'member', symbol: 'T' });
  return applied(op, tensor, swapped, {});
}

function sliced(
  tensor: HostTensor,
  slice: SliceExpression,
  { facts }: FeedRequest,
): HostTensor | undefined {
  const completed = completeSlice(slice, { lead: false, axes: tensor.shape.map(literalDim) });
  if (completed.kind === 'problem') return undefined;
  const items: SliceValue[] = [];
  const shape: number[] = [];
  let axis = 0;
  for (const item of completed.items) {
    if (item.kind === 'new axis') {
      items.push(item);
      shape.push(1);
      continue;
    }
    const length = tensor.shape[axis++] ?? 0;
    if (item.kind === 'at') {
      const index = numberOf(facts, item.index);
      if (index === undefined || index >= length) return undefined;
      items.push({ kind: 'at', index });
      continue;
    }
    const [start, stop] = [numberOf(facts, item.start), numberOf(facts, item.stop)];
    if (start === undefined || stop === undefined || stop > length || start > stop)
      return undefined;
    items.push({ kind: 'range', start, stop });
    shape.push(stop - start);
  }
  return applied(opWritten({ kind: 'index', by: 'slices' }), tensor, shape, { items });
}

function applied(
  op: ReturnType<typeof opWritten>,
  tensor: HostTensor,
  shape: readonly number[],
  attributes: Readonly<Record<string, readonly SliceValue[]>>,
): HostTensor {
  const none = (name: string): never => {
    throw new RangeError(`No attribute ${name}.`);
  };
  const data = op.reference({
    input: () => tensor,
    optional: () => tensor,
    all: () => [tensor],
    attribute: (name) => attributes[name] ?? null,
    number: none,
    text: none,
    rest: [],
    shape,
    output: undefined,
  });
  return { shape, data };
}
