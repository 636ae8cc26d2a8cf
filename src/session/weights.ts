/** Weights of a run: which tensor of the file every parameter takes, checked at once, and read one by one when needed. */
import { t } from '@vscode/l10n';
import { literalDim } from '../dims/index.ts';
import {
  type FormatError,
  joined,
  openWeights,
  type Result,
  type StoredValues,
  slicedView,
  type TensorView,
  transposedView,
  type ViewItem,
  type WeightsFile,
  wholeView,
} from '../formats/index.ts';
import type { ParameterNode } from '../graph/index.ts';
import {
  completeSlice,
  type DiagnosticList,
  numberOf,
  type SliceExpression,
} from '../shapes/index.ts';
import type { FeedRequest } from './feeds.ts';
import { GatheredProblems } from './gathered-problems.ts';
import { codeOfError, readNamed } from './named-file.ts';
import {
  idleMappings,
  nearTensors,
  type Origin,
  originsOf,
  tensorsOf,
  unreadTensors,
} from './weight-origins.ts';

/** A parameter's values in a file. */
export interface StoredWeight {
  /** The same for the same part of the same file, as long as that was not written again. */
  readonly key: string;
  readonly shape: readonly number[];
  /** How the file stores them, in its own spelling: `F32`, `BF16`. */
  readonly dtype: string;
  /** Reads the bytes that are needed, now. Errors: those of the file system, and no memory for it. */
  readonly read: () => Result<StoredValues, FormatError>;
}

/**
 * Weights by parameter path; undefined where the run names none. Only headers are read here, and every problem is
 * reported, all at once: errors for parameters without a tensor that fits, a warning for tensors without a parameter.
 */
export function readWeights(
  request: FeedRequest,
  diagnostics: DiagnosticList,
): ReadonlyMap<string, StoredWeight> | undefined {
  const { run, program, graph, files } = request;
  const weights = run?.weights;
  if (weights === undefined) return undefined;
  const mapping = weights.kind === 'mapping' ? program.weights.get(weights.name) : undefined;
  const name = weights.kind === 'file' ? weights.file : (mapping?.file ?? '');
  const found = new Map<string, StoredWeight>();
  const opened = readNamed(files, program.uri, name, openWeights);
  if (!opened.ok) {
    const place = mapping?.fileSource ?? weights.source;
    diagnostics.report(codeOfError(opened.error), place, opened.error.message);
    return found;
  }
  const place = mapping?.source ?? weights.source;
  const problems = new GatheredProblems();
  const origins = originsOf(graph.parameters, mapping, weights.source);
  for (const node of graph.parameters) {
    const origin = origins.get(node.path);
    if (origin === undefined) {
      problems.report('weightMissing', place, unmapped(node, mapping?.name));
      continue;
    }
    const weight = weightOf(opened.value, node, origin, request, problems);
    if (weight !== undefined) found.set(node.path, weight);
  }
  for (const { place: line, message } of idleMappings(graph.parameters, mapping)) {
    problems.report('unknownPath', line, message);
  }
  const unread = unreadTensors(opened.value.tensors, graph.parameters, mapping);
  for (const tensor of unread) problems.report('weightUnused', place, tensor);
  problems.reportTo(diagnostics);
  return found;
}

function unmapped(node: ParameterNode, mapping: string | undefined): string {
  const parameter = `${node.path}, ${shapeText(node.shape)},`;
  return mapping === undefined
    ? t`The parameter ${parameter} has no mapping: write ${node.path} <- "…".`
    : t`The parameter ${parameter} has no mapping in ${mapping}: write ${node.path} <- "…".`;
}

function weightOf(
  file: WeightsFile,
  node: ParameterNode,
  origin: Origin,
  request: FeedRequest,
  problems: GatheredProblems,
): StoredWeight | undefined {
  const names = tensorsOf(origin, file.tensors.keys());
  const missing =
    names.length === 0 ? origin.written : names.find((name) => !file.tensors.has(name));
  if (missing !== undefined) {
    const hint = nearTensors(missing, file.tensors.keys());
    const message = `${t`${file.path} has no tensor ${missing} for ${node.path}, ${shapeText(node.shape)}.`}${hint}`;
    problems.report('weightMissing', origin.place, message);
    return undefined;
  }
  const views = names.map((name) => viewOf(file, name, origin, request, problems));
  if (views.some((view) => view === undefined)) return undefined;
  const parts = views.filter((view) => view !== undefined);
  const shape = shapeOf(parts, origin);
  if (shape === undefined || `${shape}` !== `${node.shape}`) {
    problems.report('weightShape', origin.place, misfit(node, origin, shape));
    return undefined;
  }
  const dtype = file.tensors.get(names[0] ?? '')?.dtype ?? '';
  const key = JSON.stringify([file.path, file.version, names, parts]);
  return { key, shape, dtype, read: () => readParts(file, names, parts) };
}

function readParts(
  file: WeightsFile,
  names: readonly string[],
  views: readonly TensorView[],
): Result<StoredValues, FormatError> {
  const parts: StoredValues[] = [];
  for (const [i, view] of views.entries()) {
    const part = file.read(names[i] ?? '', view);
    if (!part.ok) return part;
    parts.push(part.value);
  }
  return { ok: true, value: joined(parts) };
}

/** Stacked along a new first axis where the tensor's name has a `*` of its own; undefined for parts that differ. */
function shapeOf(views: readonly TensorView[], { stacks }: Origin): readonly number[] | undefined {
  const [first] = views;
  if (first === undefined || views.some(({ shape }) => `${shape}` !== `${first.shape}`)) {
    return undefined;
  }
  return stacks ? [views.length, ...first.shape] : first.shape;
}

function misfit(node: ParameterNode, origin: Origin, shape: readonly number[] | undefined): string {
  const found = shape === undefined ? t`tensors of different shapes` : shapeText(shape);
  const swapped = `${[...(shape ?? [])].reverse()}` === `${node.shape}`;
  const hint = swapped ? ` ${t`Its transpose fits: write "…".T in a mapping.`}` : '';
  return `${t`${origin.written} gives ${found}, but ${node.path} is ${shapeText(node.shape)}.`}${hint}`;
}

function viewOf(
  file: WeightsFile,
  name: string,
  origin: Origin,
  request: FeedRequest,
  problems: GatheredProblems,
): TensorView | undefined {
  const stored = file.tensors.get(name);
  let view = wholeView(stored?.shape ?? [], stored?.order);
  for (const step of origin.steps) {
    const next =
      step.kind === 'transpose' ? transposedView(view) : sliced(view, step.slice, request);
    if (next === undefined) {
      const message = t`A step of this mapping does not fit ${name}, a tensor ${shapeText(view.shape)}.`;
      problems.report('weightShape', origin.place, message);
      return undefined;
    }
    view = next;
  }
  return view;
}

function sliced(
  view: TensorView,
  slice: SliceExpression,
  { facts }: FeedRequest,
): TensorView | undefined {
  const completed = completeSlice(slice, { lead: false, axes: view.shape.map(literalDim) });
  if (completed.kind === 'problem') return undefined;
  const items: ViewItem[] = [];
  for (const item of completed.items) {
    if (item.kind === 'new axis') {
      items.push(item);
    } else if (item.kind === 'at') {
      const index = numberOf(facts, item.index);
      if (index === undefined) return undefined;
      items.push({ kind: 'at', index });
    } else {
      const [start, stop] = [numberOf(facts, item.start), numberOf(facts, item.stop)];
      if (start === undefined || stop === undefined) return undefined;
      items.push({ kind: 'range', start, stop });
    }
  }
  return slicedView(view, items);
}

function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}
