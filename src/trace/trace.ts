/**
 * What a run leaves behind: named tensors with named axes, where each came from, what ran it and how long it took.
 * Plain data and one reading function; nothing here knows how the values were computed.
 */

/** Half-open range of UTF-16 offsets in a file. */
export interface SourceRange {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
}

/** An axis: its length now, and the dim expression it has in the program (`N`, `4·d`). */
export interface Axis {
  readonly name: string;
  readonly size: number;
}

export type TensorRole = 'input' | 'parameter' | 'intermediate' | 'output';

/** A tensor of the run, by its path (LANGUAGE §8). */
export interface TensorInfo {
  readonly path: string;
  readonly axes: readonly Axis[];
  readonly dtype: 'f32' | 'int';
  readonly role: TensorRole;
  /** The operator that made it; empty for inputs and parameters. */
  readonly operator: string;
  /** The name in its statement, or the call it labels. */
  readonly source: SourceRange;
  /** The call sites that lead from the model to `source`, outermost first. */
  readonly callers: readonly SourceRange[];
}

/** Row-major values, length the product of the axes. */
export interface TensorValues {
  readonly info: TensorInfo;
  readonly data: Float32Array | Float64Array;
}

export type BackendName = 'gpu' | 'cpu' | 'reference';

/** Which backend ran, in what form, and why that one. */
export interface BackendReport {
  readonly name: BackendName;
  /** `gpu.js webgpu on NVIDIA …`, `gpu.js cpu`, `float64 reference`. */
  readonly description: string;
  /** A sentence: why this backend and not another. */
  readonly reason: string;
  /** The GPU, where one ran it. */
  readonly adapter?: AdapterReport;
  /** Bytes that one value can have here at most, where there is a limit beside the memory. */
  readonly largestValue?: number;
}

/** A GPU as WebGPU describes it. */
export interface AdapterReport {
  readonly name: string;
  readonly vendor: string;
  readonly architecture: string;
  /** `Vulkan`, `Metal`, `Direct3D 12`. */
  readonly api: string;
  /** What the adapter gives a device, by WebGPU's names: bytes and counts. */
  readonly limits: Readonly<Record<string, number>>;
  /** What the milliseconds of operators are: the GPU's own, or those from asking for the kernels to their end. */
  readonly timedBy: 'GPU timestamps' | 'waiting';
}

/** In bytes. */
export interface MemoryReport {
  /** What the process was expected to hold at the run's peak, weights included. */
  readonly expected: number;
  /** All that the process held when it was done. */
  readonly process: number;
}

export interface Timing {
  readonly operator: string;
  readonly path: string | undefined;
  /** What it took when it was computed, without compiling. */
  readonly milliseconds: number;
  /** Translating and compiling the kernels that were not yet there, on top. */
  readonly compileMilliseconds?: number;
  /** Its values were still there from an earlier run; the milliseconds are that run's. */
  readonly reused?: boolean;
}

/**
 * The residual stream of one block or model: the chain of values from input to output through residual additions,
 * norms on the stream and transparent calls (LANGUAGE §10).
 */
export interface ResidualStream {
  /** The scope whose stream this is: '' for the model. */
  readonly scope: string;
  readonly steps: readonly StreamStep[];
}

export interface StreamStep {
  /** Path of the stream's value at this step. */
  readonly path: string;
  /** What happened: it came in, something was added, or it was normalised in place. */
  readonly kind: 'input' | 'write' | 'norm' | 'output';
  /** For a write: the path of what was added. */
  readonly write: string | undefined;
  /** TransformerLens' name where it has one: resid_pre, resid_mid, resid_post. */
  readonly hook: string | undefined;
  /** Index of the copy of the repeat it belongs to. */
  readonly layer: number | undefined;
}

/** A softmax that a matrix product consumes as its left side; axes [..., heads, queries, keys]. */
export interface AttentionPattern {
  readonly path: string;
  readonly layer: number | undefined;
  /** The enclosing call, e.g. `blocks.3.attn`. */
  readonly scope: string;
  readonly heads: number;
}

export type Verdict = 'equal' | 'coincidence' | 'undecided' | 'error';

/** One statement of the program with its shape, once per place in the text; repeats and calls are folded. */
export interface StatementRow {
  readonly source: SourceRange;
  readonly text: string;
  /** Block or model that holds it. */
  readonly owner: string;
  readonly depth: number;
  /** `[N, d]`. */
  readonly symbolic: string;
  /** Undefined where a dim has no value. */
  readonly numeric: readonly number[] | undefined;
  readonly verdict: Verdict;
  readonly message: string | undefined;
  /** Where in the trace this statement's values are: one path per copy. */
  readonly paths: readonly string[];
}

/** What a statement costs in a run, calls and copies included; undefined where that depends on a dim without a value. */
export interface StatementCost {
  /** Learned numbers. */
  readonly parameters: number | undefined;
  /** Floating-point operations. */
  readonly flops: number | undefined;
  /** Bytes kept. */
  readonly bytes: number | undefined;
}

export interface DimRow {
  readonly name: string;
  readonly value: number | undefined;
  /** `4·d`, or empty. */
  readonly definition: string;
  /** `file`, `run`, `input` or `free`. */
  readonly origin: string;
}

/** What an operation means to those who look for structure: never its name, which only its record knows. */
export type OperationRole =
  | 'addition'
  | 'softmax'
  | 'matrix product'
  | 'reduction'
  | 'scaling'
  | 'rearrangement';

/** One value of the run and what it was made from, named or not. */
export interface Operation {
  /** Undefined for what has no name in the program. */
  readonly path: string | undefined;
  readonly kind: 'input' | 'parameter' | 'constant' | 'operator';
  /** The operator's name; empty for what is given. */
  readonly operator: string;
  readonly role: OperationRole | undefined;
  readonly axes: readonly Axis[];
  /** Indices into the trace's operations, in the order of the operator's signature. */
  readonly operands: readonly number[];
}

export interface ExpectationResult {
  readonly source: SourceRange;
  readonly text: string;
  readonly passed: boolean;
  /** The measured value in a sentence. */
  readonly message: string;
  /** Where it failed on values: both sides, as NumPy prints them. */
  readonly sides?: { readonly expected: string; readonly measured: string };
}

/** Token ids as texts; undefined where the tokenizer cannot be read any more. */
export type TokenTexts = (ids: readonly number[]) => readonly string[] | undefined;

/** A token of the vocabulary with its softmax probability among all. */
export interface TokenProbability {
  readonly token: number;
  readonly probability: number;
}

/** A generated token: how probable it was, and what else was. */
export interface TokenChoice extends TokenProbability {
  /** What it was drawn with, after temperature, top-k and top-p; 1 where the most probable token is always chosen. */
  readonly chance: number;
  /** The most probable tokens, first to last. */
  readonly candidates: readonly TokenProbability[];
}

export interface GenerationResult {
  readonly prompt: readonly number[];
  readonly steps: readonly TokenChoice[];
  /** What the prompt's, the new and the candidate tokens read as, where the run names a tokenizer. */
  readonly texts: ReadonlyMap<number, string> | undefined;
  /** A sentence: whether each step computed one token or all of them, and why. */
  readonly reason: string;
}

/** The numbers that were kept of each run of a family; of a plain run, which has no axes, of that one. */
export interface SweepAxisValues {
  readonly name: string;
  readonly values: readonly number[];
  /** Its value in the run whose tensors are kept; undefined where that is the one without what the variable patches. */
  readonly kept?: number;
}

export interface SweepResult {
  /** The family's variables; the last varies fastest in the values. */
  readonly axes: readonly SweepAxisValues[];
  readonly metrics: readonly { readonly name: string; readonly values: Float64Array }[];
}

/** A run of several that differ in their inputs. */
export interface BatchPlace {
  /** Counted from 0. */
  readonly item: number;
  readonly count: number;
}

export interface Trace {
  readonly program: string;
  readonly run: string;
  readonly model: string;
  readonly seed: number;
  readonly backend: BackendReport;
  readonly dims: readonly DimRow[];
  /** Whole run, milliseconds. */
  readonly milliseconds: number;
  readonly timings: readonly Timing[];
  readonly memory: MemoryReport;
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** Bare names that stand for last versions: `x` → `x#2`. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly outputs: readonly string[];
  readonly streams: readonly ResidualStream[];
  readonly patterns: readonly AttentionPattern[];
  readonly statements: readonly StatementRow[];
  /** Worked out when first asked; undefined where nothing is known. */
  readonly costOf?: (statement: StatementRow) => StatementCost | undefined;
  /** Every value in an order in which operands come before their use. */
  readonly operations: readonly Operation[];
  /** The operation that made each path; several paths may name one. */
  readonly madeBy: ReadonlyMap<string, number>;
  readonly expectations: readonly ExpectationResult[];
  /** Undefined where the run names no metric. */
  readonly sweep: SweepResult | undefined;
  /** Undefined where the run generates nothing. Its tensors are over all tokens but the last. */
  readonly generation: GenerationResult | undefined;
  /** Text of the tokens, where the run knows it. */
  readonly tokens: readonly string[] | undefined;
  /** What tokens of the vocabulary read as, where the run names a tokenizer. */
  readonly textsOf?: TokenTexts | undefined;
  /** Where the run's inputs are several: which of them this is. */
  readonly batch?: BatchPlace;
  /** The values of a tensor by path or alias; undefined where there is none. */
  readonly read: (path: string) => Promise<TensorValues | undefined>;
  /** Row-major values of an operation by its index, named or not; undefined where there is none. */
  readonly readOperation: (index: number) => Promise<Float32Array | Float64Array | undefined>;
  /**
   * What `to` would be for other values of `from`: only what lies between is computed again, in float64 for float64
   * values, else as the run itself was. `rows` is the length of the axis before the last of `from`, and may differ from
   * the run's where what lies between goes row by row. Undefined where `to` does not depend on `from`, or not row by row.
   */
  readonly replay: (
    from: string,
    to: string,
    values: Float32Array | Float64Array,
    rows: number,
  ) => Promise<Float32Array | Float64Array | undefined>;
}
