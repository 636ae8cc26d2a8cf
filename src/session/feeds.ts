/** The values that a run starts from: inputs, parameters, weights, values of other runs. */
import { t } from '@vscode/l10n';
import type { FileAccess } from '../analysis/index.ts';
import { type Feed, FeedFault, type Feeds, feedOf, RunStopped } from '../engine/index.ts';
import {
  type FormatError,
  fillWidened,
  keyedStream,
  numpyRand,
  openWeights,
  type Result,
  readNpy,
  wholeView,
  widened,
} from '../formats/index.ts';
import type { Graph, Initial, InputNode, NodeId, ParameterNode } from '../graph/index.ts';
import type { RandomStream } from '../ops/index.ts';
import type { CheckedProgram, CheckedRun, Expression } from '../shapes/index.ts';
import { type CodeName, type Diagnostic, DiagnosticList, type DimFacts } from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';
import { codeOfError, readNamed } from './named-file.ts';
import { tokensOfFile } from './tokens.ts';
import { readWeights, type StoredWeight } from './weights.ts';

export interface FeedRequest {
  readonly graph: Graph;
  readonly program: CheckedProgram;
  readonly run: CheckedRun | undefined;
  readonly facts: DimFacts;
  readonly seed: number;
  readonly files: FileAccess;
  readonly signal: AbortSignal;
  readonly valueOfRun: (run: string, path: string) => Promise<Float64Array | undefined>;
}

export interface FeedResult {
  readonly feeds: Feeds;
  readonly diagnostics: readonly Diagnostic[];
}

export async function feedsOf(request: FeedRequest): Promise<FeedResult> {
  const { graph } = request;
  const diagnostics = new DiagnosticList();
  const feeds = new Map<NodeId, Feed>();
  const weights = readWeights(request, diagnostics);
  const numpy = numpyStream(request, diagnostics);
  for (const node of graph.parameters) {
    await nextTurn(request.signal);
    const stored = weights?.get(node.path);
    const feed =
      stored === undefined
        ? await initialFeed(request, node, node.initial, numpy, diagnostics)
        : storedFeed(stored, node);
    if (feed !== undefined) feeds.set(node.id, feed);
  }
  for (const node of graph.inputs) {
    const feed = await initialFeed(request, node, node.initial ?? defaultInput, numpy, diagnostics);
    if (feed !== undefined) feeds.set(node.id, feed);
  }
  return { feeds, diagnostics: diagnostics.all };
}

/** Values in a file: its header was read, the values are when they are wanted. */
function storedFeed({ key, dtype, read }: StoredWeight, node: ParameterNode): Feed {
  const values = () => {
    const stored = read();
    if (!stored.ok) throw new FeedFault(`${node.path}: ${stored.error.message}`);
    return stored.value;
  };
  const bits = () => {
    const { type, data } = values();
    if (type === 'f16' || type === 'bf16') return data;
    throw new FeedFault(t`${node.path} is stored as ${type}, and its header says ${dtype}.`);
  };
  const half = halfType(dtype);
  return {
    key,
    fill: (target) => fillWidened(values(), target),
    ...(half && { half: { type: half, bits } }),
  };
}

function halfType(dtype: string): 'f16' | 'bf16' | undefined {
  if (dtype === 'F16') return 'f16';
  return dtype === 'BF16' ? 'bf16' : undefined;
}

/** Drawing millions of numbers takes seconds: between two tensors a stop is heard. */
async function nextTurn(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (signal.aborted) throw new RunStopped(t`The run was stopped before it began.`);
}

type DefaultInput = { readonly kind: 'normal' };
/** An input that nobody gave anything is standard normal, or zeros where it is of integers. */
const defaultInput: DefaultInput = { kind: 'normal' };

async function initialFeed(
  request: FeedRequest,
  node: InputNode | ParameterNode,
  initial: Initial | DefaultInput,
  numpy: RandomStream | undefined,
  diagnostics: DiagnosticList,
): Promise<Feed | undefined> {
  switch (initial.kind) {
    case 'normal':
      return defaultFeed(request, node);
    case 'literal':
      return literalFeed(initial.data);
    case 'source':
      return sourceFeed(request, node, initial, numpy);
    case 'file': {
      const data = dataOfFile(request, node, initial, diagnostics);
      return data && feedOf(data);
    }
    case 'text':
      return tokensOfText(request, initial.text, diagnostics);
    case 'run': {
      const data = await request.valueOfRun(initial.run, initial.path);
      const message = t`The run ${initial.run}, which has this value, cannot run.`;
      if (data === undefined) diagnostics.report('unknownPath', node.source, message);
      return data && feedOf(data);
    }
  }
}

function defaultFeed({ seed }: FeedRequest, node: InputNode | ParameterNode): Feed {
  if (node.dtype === 'int') return { key: 'zeros', fill: (target) => target.fill(0) };
  return {
    key: JSON.stringify(['normal', seed, streamName(node)]),
    fill: (target) => {
      const { normal } = keyedStream(seed, streamName(node));
      for (let at = 0; at < target.length; at++) target[at] = normal();
    },
  };
}

/** A number fills the whole tensor. */
function literalFeed(data: Float64Array): Feed {
  const given = feedOf(data);
  return {
    get key() {
      return given.key;
    },
    fill: (target) => {
      if (data.length === target.length) target.set(data);
      else target.fill(data[0] ?? Number.NaN);
    },
  };
}

function sourceFeed(
  request: FeedRequest,
  node: InputNode | ParameterNode,
  { source, arguments: given }: Initial & { readonly kind: 'source' },
  numpy: RandomStream | undefined,
): Feed {
  const { shape } = node;
  const number = (name: string) => given[name] ?? Number.NaN;
  if (source.stream === 'numpy' && numpy !== undefined) {
    // The stream runs on from parameter to parameter, so it is drawn from at once and in order.
    const data = new Float64Array(shape.reduce((product, length) => product * length, 1));
    source.fill(data, { shape, number, random: numpy });
    return feedOf(data);
  }
  const seed = given['seed'] ?? request.seed;
  const stream = source.stream === 'none' ? [] : [seed, streamName(node)];
  return {
    key: JSON.stringify([source.name, given, ...stream]),
    fill: (target) =>
      source.fill(target, { shape, number, random: keyedStream(seed, streamName(node)) }),
  };
}

function streamName(node: InputNode | ParameterNode): string {
  return node.path ?? (node.kind === 'input' ? node.name : '');
}

/** Nobody could look the tokens up before: this says why. */
function tokensOfText(
  { run, files, program }: FeedRequest,
  text: string,
  diagnostics: DiagnosticList,
): undefined {
  if (run?.tokenizer === undefined) return undefined;
  const { file, source } = run.tokenizer;
  const read = readNamed(files, program.uri, file, (path) => tokensOfFile(path, text));
  if (!read.ok) diagnostics.report(codeOfError(read.error), source, read.error.message);
  return undefined;
}

/** One stream over the parameters in the order in which they come to exist. */
function numpyStream({ seed }: FeedRequest, diagnostics: DiagnosticList): RandomStream | undefined {
  const stream = numpyRand(seed);
  if (!stream.ok) {
    diagnostics.report('setting', nowhere, stream.error.message);
    return undefined;
  }
  const { uniform } = stream.value;
  return {
    uniform,
    normal: () => {
      throw new Error('numpy_rand draws uniform numbers only.');
    },
  };
}

const nowhere: SourceRange = { uri: '', start: 0, end: 0 };

function dataOfFile(
  { files, program, run }: FeedRequest,
  node: InputNode | ParameterNode,
  initial: Initial & { readonly kind: 'file' },
  diagnostics: DiagnosticList,
): Float64Array | undefined {
  const report = (code: CodeName, message: string) => {
    diagnostics.report(code, placeOf(run, node), message);
    return undefined;
  };
  const array = readNamed(files, program.uri, initial.file, (path) =>
    readArray(path, initial.tensor),
  );
  if (!array.ok) return report(codeOfError(array.error), array.error.message);
  const whole = array.value;
  const { shape, data } = partOf(whole.shape, Float64Array.from(whole.data), initial.part);
  if (`${shape}` !== `${node.shape}`) {
    return report(
      'weightShape',
      t`${initial.file} holds [${shape.join(', ')}], but ${node.path ?? t`this`} is [${node.shape.join(', ')}].`,
    );
  }
  return data;
}

/** One part along the first axis, for a batch; all where none is asked for. */
function partOf(shape: readonly number[], data: Float64Array, part: number | undefined) {
  if (part === undefined) return { shape, data };
  const size = data.length / (shape[0] ?? 1);
  return { shape: shape.slice(1), data: data.slice(part * size, (part + 1) * size) };
}

/** Files of inputs that cannot be read: without their shapes the run may not even have a graph. */
export function unreadableInputs(
  { settings, tokenizer }: CheckedRun,
  { program, files }: Pick<FeedRequest, 'program' | 'files'>,
): readonly Diagnostic[] {
  const diagnostics = new DiagnosticList();
  for (const { value } of settings) {
    const named = fileNamed(value);
    if (named === undefined && tokenizer !== undefined && isText(value)) {
      const read = readNamed(files, program.uri, tokenizer.file, (path) =>
        tokensOfFile(path, value.value),
      );
      if (!read.ok)
        diagnostics.report(codeOfError(read.error), tokenizer.source, read.error.message);
    }
    if (named === undefined) continue;
    const array = readNamed(files, program.uri, named.file, (path) =>
      readArray(path, named.tensor),
    );
    if (!array.ok) diagnostics.report(codeOfError(array.error), value.source, array.error.message);
  }
  return diagnostics.all;
}

function isText(
  value: Expression,
): value is Expression & { readonly kind: 'static'; readonly value: string } {
  return value.kind === 'static' && typeof value.value === 'string';
}

function fileNamed(value: Expression) {
  if (value.kind === 'source' && value.initial.kind === 'file') return value.initial;
  const text = value.kind === 'static' && typeof value.value === 'string' ? value.value : '';
  return /\.(npy|npz|safetensors)$/.test(text) ? { file: text, tensor: undefined } : undefined;
}

interface StoredArray {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

function readArray(path: string, tensor: string | undefined): Result<StoredArray, FormatError> {
  return path.endsWith('.npy') ? readNpy(path) : readTensor(path, tensor);
}

/** The setting that names the file, or the declaration that does. */
function placeOf(run: CheckedRun | undefined, node: InputNode | ParameterNode): SourceRange {
  const name = node.kind === 'input' ? node.name : undefined;
  const setting = run?.settings.find((each) => each.name === name);
  return setting?.value.source ?? node.source;
}

function readTensor(path: string, tensor: string | undefined) {
  const file = openWeights(path);
  if (!file.ok) return file;
  const { tensors, read } = file.value;
  const name = tensor ?? [...tensors.keys()][0] ?? '';
  const { shape = [], order } = tensors.get(name) ?? {};
  const values = read(name, wholeView(shape, order));
  if (!values.ok) return values;
  return { ok: true, value: { shape, data: widened(values.value) } } as const;
}
