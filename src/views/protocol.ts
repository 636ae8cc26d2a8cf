/**
 * Everything that crosses a process: editor ↔ engine and editor ↔ inspector. Names are readable in a log.
 * Contract: every request gets exactly one reply, and a failure is a reply. Tensors travel as typed arrays, never as
 * JSON lists, and only as much of them as is on screen.
 */
import type {
  Axis,
  BackendReport,
  BatchPlace,
  DimRow,
  ExpectationResult,
  SourceRange,
  SweepAxisValues,
  TensorRole,
} from '../trace/index.ts';
import type { AttentionHeadsView, AttentionView } from './attention.ts';
import type { AttentionMapRequest } from './attention-map.ts';
import type { AttributionResult } from './attribution.ts';
import type { Ground } from './colour.ts';
import type { ComparisonView } from './comparison.ts';
import type { FlowView } from './flow.ts';
import type { GenerationView } from './generation.ts';
import type { LineValue } from './line-value.ts';
import type { LensView, LogitsRequest, LogitsView } from './logits.ts';
import type { Matrix, MatrixWindow } from './matrix.ts';
import type { ResidualStreamView, StreamRequest } from './residual-stream.ts';
import type { ShapesView } from './shapes.ts';
import type { TensorStatistics } from './statistics.ts';
import type { SweepView } from './sweep.ts';
import type { FacetsView, SliceRequest, TensorView, TextFormat } from './tensor.ts';
import type { WhyScoreView } from './why-score.ts';

// ---------------------------------------------------------------- what is looked at

/** One selection for all views; every field may be absent. It survives a re-run. */
export interface Selection {
  /** A tensor. */
  readonly path?: string;
  /** Index into the trace's patterns. */
  readonly pattern?: number;
  readonly head?: number;
  /** Index of the copy of a repeat. */
  readonly layer?: number;
  /** A position: a query of attention, a row of the stream and of the logits. */
  readonly token?: number;
  /** The position that the token is seen with: a key of attention. */
  readonly key?: number;
  /** A token of the vocabulary. */
  readonly id?: number;
  /** An index along the stream's width. */
  readonly dimension?: number;
  /** Index into the steps of the residual stream. */
  readonly step?: number;
  /** Index into the trace's streams. */
  readonly stream?: number;
}

/** The views: what each is asked and what it answers. All are answered from the last trace of a program. */
export interface ViewRequests {
  summary: { params: Record<string, never>; result: TraceSummary };
  residualStream: { params: StreamRequest; result: ResidualStreamView };
  attentionHeads: { params: Record<string, never>; result: AttentionHeadsView };
  attention: { params: AttentionMapRequest & { token: number }; result: AttentionView };
  attentionWindow: { params: AttentionMapRequest & { window: MatrixWindow }; result: Matrix };
  whyScore: {
    params: { pattern: number; head: number; query: number; key: number };
    result: WhyScoreView;
  };
  flow: { params: { stream: number; layer?: number }; result: FlowView };
  logits: { params: LogitsRequest; result: LogitsView };
  lens: { params: { positions: readonly number[]; id: number }; result: LensView };
  attribution: { params: { position: number; id: number }; result: AttributionResult };
  shapes: { params: Record<string, never>; result: ShapesView };
  /** Asked of a difference: where the two runs differ most. */
  comparison: { params: Record<string, never>; result: ComparisonView };
  tensor: { params: SliceRequest; result: TensorView };
  tensorWindow: { params: SliceRequest & { window: MatrixWindow }; result: Matrix };
  facets: { params: SliceRequest; result: FacetsView };
  tensorText: { params: SliceRequest & { format: TextFormat }; result: string };
  generation: { params: Record<string, never>; result: GenerationView };
  sweep: { params: { metric: number; slice: readonly number[] }; result: SweepView };
}

export type ViewName = keyof ViewRequests;

/** What is known of a run without asking for values. */
export interface TraceSummary {
  /** Where the inputs are several: which of them this is. */
  readonly batch?: BatchPlace;
  readonly program: string;
  readonly run: string;
  readonly model: string;
  readonly seed: number;
  readonly backend: BackendReport;
  readonly milliseconds: number;
  readonly dims: readonly DimRow[];
  readonly streams: readonly {
    readonly scope: string;
    readonly steps: number;
    /** Path of the stream's value at each step. */
    readonly paths: readonly string[];
  }[];
  readonly patterns: readonly {
    readonly path: string;
    /** The enclosing call: `blocks.3.attn`. */
    readonly scope: string;
    readonly layer?: number;
    readonly heads: number;
  }[];
  readonly tensors: readonly TensorEntry[];
  readonly outputs: readonly string[];
  readonly expectations: readonly ExpectationResult[];
  /** How many tokens were generated; absent where none. */
  readonly generated?: number;
  /** Of a run with metrics: their names, and the variables of the family (none for a plain run). */
  readonly sweep?: {
    readonly metrics: readonly string[];
    readonly axes: readonly Pick<SweepAxisValues, 'name' | 'kept'>[];
  };
}

export interface TensorEntry {
  readonly path: string;
  /** The path by which a stream or a pattern knows the same value, where that is another one. */
  readonly knownAs?: string;
  readonly axes: readonly Axis[];
  readonly role: TensorRole;
  readonly operator: string;
  readonly source: SourceRange;
}

// ---------------------------------------------------------------- editor ↔ engine process

/** What the editor asks of the engine process. */
export interface EngineRequests {
  /** Checks and runs; resolves when the run is over. One run at a time: a second one waits for the first to stop. */
  run: { params: RunRequest; result: RunOutcome };
  /** Checks and runs for what the run expects alone; the program's last trace stays. One run at a time, as with `run`. */
  test: { params: RunRequest; result: TestOutcome };
  /** Of a batch of inputs: what all views, hovers and line values show from now on. */
  chooseItem: { params: { program: string; item: number }; result: TraceSummary };
  /** A view of the program's last trace. */
  view: { params: ViewRequest; result: ViewRequests[ViewName]['result'] };
  /** The runs that views can be of. */
  runs: { params: { program: string }; result: readonly RunLabel[] };
  /** What a hover shows for the name at an offset; null where no tensor of the last trace comes from there. */
  peek: {
    params: { uri: string; offset: number; ground: Ground };
    result: TensorPeek | null;
  };
  /** Paths of the tensors that the text at an offset made, the most specific first. */
  locate: { params: { uri: string; offset: number }; result: readonly string[] };
  /** A tensor of the last trace as NumPy prints it, under a line that says what it is. */
  printTensor: { params: { program: string; path: string }; result: string };
  /** Writes a tensor of the last trace to a file, as NumPy's `npy` or as text. */
  saveTensor: {
    params: { program: string; path: string; file: string };
    result: null;
  };
  /** What the statements of a file were worth in the last run that it took part in. */
  lineValues: { params: { uri: string }; result: readonly LineValue[] };
  /** Ends the current run at the next kernel boundary. */
  stop: { params: Record<string, never>; result: null };
  /** The program of a Hugging Face checkpoint; writes nothing. `folder` is a path. */
  importModel: { params: { folder: string }; result: ImportOutcome };
}

export type ImportOutcome =
  | {
      readonly kind: 'imported';
      /** Where the program belongs: beside the weights that it names. */
      readonly file: string;
      readonly text: string;
      readonly model: string;
      /** What the program leaves out or does otherwise, in sentences. */
      readonly notes: readonly string[];
    }
  | { readonly kind: 'refused'; readonly message: string };

/** A view by its name, with what it is asked. */
export type AskedView = {
  [Name in ViewName]: { readonly view: Name; readonly params: ViewRequests[Name]['params'] };
}[ViewName];

/** Which run a view is of: the program's last one where absent, another one, or the last one minus another. */
export interface OfRun {
  readonly run: number;
  readonly as: 'itself' | 'difference';
}

export type ViewRequest = AskedView & { readonly program: string; readonly of?: OfRun };

/** A run that can still be looked at. */
export interface RunLabel {
  readonly id: number;
  readonly program: string;
  readonly run: string;
  readonly model: string;
  /** Whether it is the program's last one. */
  readonly isCurrent: boolean;
}

export type BackendChoice = 'auto' | 'gpu' | 'cpu';

export interface RunRequest {
  /** The program's file. */
  readonly uri: string;
  /** Unsaved texts by uri, the program's own among them. */
  readonly documents: Readonly<Record<string, string>>;
  /** A run, model or block; the first run (else model, else block) of the file where absent. */
  readonly target?: string;
  readonly backend: BackendChoice;
  /** Bytes for values that are kept to be looked at; a quarter of the machine's memory where absent. */
  readonly memoryBudget?: number;
  /** How many tokens to generate, in place of what the run says. */
  readonly generate?: number;
  /** Which files may be read; all that the program names where absent. */
  readonly scope?: { readonly isTrusted: boolean; readonly folders: readonly string[] };
}

export type RunOutcome =
  /** `problems`: what is wrong with the program all the same; it ran as far as its first broken value. */
  | {
      readonly kind: 'done';
      readonly summary: TraceSummary;
      readonly problems: readonly Problem[];
    }
  | { readonly kind: 'stopped' }
  /** The program does not check, or its files cannot be read: where, and what to do. */
  | {
      readonly kind: 'rejected';
      readonly problems: readonly Problem[];
      /** Uris of files that lie outside of the scope of the request. */
      readonly outside: readonly string[];
    };

export type TestOutcome =
  | {
      readonly kind: 'done';
      readonly expectations: readonly ExpectationResult[];
      readonly backend: BackendReport;
      readonly milliseconds: number;
      readonly problems: readonly Problem[];
    }
  | Exclude<RunOutcome, { kind: 'done' }>;

/** A diagnostic as data. Offsets are UTF-16, half open. */
export interface Problem {
  /** TB001 … */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly source: SourceRange;
  readonly related: readonly { readonly source: SourceRange; readonly message: string }[];
}

/** What the engine tells unasked. */
export interface EngineEvents {
  progress: { readonly done: number; readonly total: number; readonly label: string };
  log: { readonly message: string };
}

/** A small faithful picture of a tensor for a hover. */
export interface TensorPeek {
  readonly path: string;
  readonly axes: readonly Axis[];
  readonly statistics: TensorStatistics;
  /** The first values, printed as NumPy would. */
  readonly firstValues: string;
  /** A PNG of the last two axes. */
  readonly picture: Uint8Array;
  /** How many copies (layers) the text made; the peek shows the last. */
  readonly copies: number;
}

// ---------------------------------------------------------------- editor ↔ inspector

/** What the inspector asks of the editor: the views, and moving the cursor. */
export type InspectorRequests = {
  view: { params: AskedView & { readonly of?: OfRun }; result: ViewRequests[ViewName]['result'] };
  runs: { params: Record<string, never>; result: readonly RunLabel[] };
  /** Of a batch of inputs: shows another one. */
  chooseItem: { params: { item: number }; result: null };
  reveal: { params: SourceRange; result: null };
  /** Puts a text on the clipboard. */
  copy: { params: { text: string }; result: null };
  /** Asks where to, and writes a picture there. */
  savePicture: { params: { name: string; bytes: Uint8Array }; result: null };
  /** Asks where to, and writes a tensor of the last run there, as npy or CSV. */
  saveTensor: { params: { path: string }; result: null };
  run: { params: Record<string, never>; result: null };
  /** Asked once when the inspector starts or comes back; later changes arrive as events. */
  state: { params: Record<string, never>; result: InspectorState };
};

/** What the editor tells the inspector. */
export interface InspectorEvents {
  state: InspectorState;
  /** The cursor moved onto something of the trace. */
  select: Selection;
}

export type InspectorState =
  | { readonly kind: 'empty'; readonly hint: string }
  | {
      readonly kind: 'running';
      readonly done: number;
      readonly total: number;
      readonly label: string;
    }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'ready'; readonly summary: TraceSummary; readonly stale: boolean };

// ---------------------------------------------------------------- the two ends of each line, for `Rpc`

/** The engine process: answers the editor, and tells of progress. */
export interface EngineSide {
  readonly requests: EngineRequests;
  readonly events: EngineEvents;
}

/** The editor as the inspector sees it. */
export interface EditorSide {
  readonly requests: InspectorRequests;
  readonly events: InspectorEvents;
}

/** Whoever only asks: the editor towards the engine, the inspector towards the editor. */
export interface AskingSide {
  readonly requests: Record<never, never>;
  readonly events: Record<never, never>;
}
