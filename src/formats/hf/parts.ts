/** What the families' layers are made of. A family says what it has; attention.ts, feed-forward.ts and stack.ts write it. */

/** Tensor names in here leave out `.weight` and `.bias`, and what stands before them in every layer. */
export interface Norm {
  readonly block: 'LayerNorm' | 'RMSNorm' | 'ScaledLayerNorm';
  /** `eps: 1e-5`, `offset: 1`. */
  readonly arguments: readonly string[];
}

export interface Rope {
  readonly base: number;
  readonly style: 'half' | 'interleaved';
  /** Lengths of the block RotaryFrequencies' statements; plain frequencies from the base where absent. */
  readonly frequencies: readonly string[] | undefined;
  /** What rotated queries and keys are multiplied with. */
  readonly factor: number;
}

export type Projections =
  | { readonly kind: 'separate'; readonly q: string; readonly k: string; readonly v: string }
  /** All queries, then all keys, then all values. */
  | { readonly kind: 'side by side'; readonly qkv: string }
  /** Query, key and value of the first head, then of the second, … */
  | { readonly kind: 'by head'; readonly qkv: string }
  /** For every key head its queries, then its key and value. */
  | { readonly kind: 'by group'; readonly qkv: string };

export interface Attention {
  readonly heads: number;
  readonly kvHeads: number;
  /** Where it is not d / heads. */
  readonly headWidth?: number | undefined;
  readonly causal: boolean;
  readonly projections: Projections;
  readonly out: string;
  readonly bias: { readonly qkv: boolean; readonly out: boolean };
  readonly rope?: Rope | undefined;
  /** How much of each head turns, where not all of it. */
  readonly rotary?: number | undefined;
  /** Of the layers that are local, where that is another one. */
  readonly localRope?: Rope | undefined;
  readonly qkNorm?:
    | {
        readonly norm: Norm;
        readonly over: 'head' | 'width';
        readonly q: string;
        readonly k: string;
      }
    | undefined;
  /** What scores are multiplied with, in place of 1 / sqrt(d_k). */
  readonly scale?: string | undefined;
  readonly softcap?: number | undefined;
  readonly alibi?: 'after scale' | 'before scale' | undefined;
  readonly window?: { readonly width: number; readonly layers: 'all' | 'local' } | undefined;
  /** Queries, keys and values are kept between −clip and clip. */
  readonly clip?: number | undefined;
}

export type FeedForward =
  | {
      readonly kind: 'plain';
      readonly hidden: number;
      readonly activation: string;
      readonly bias: boolean;
      readonly up: string;
      readonly down: string;
    }
  | {
      readonly kind: 'gated';
      readonly hidden: number;
      readonly activation: string;
      readonly bias: boolean;
      readonly gate: string;
      readonly up: string;
      readonly down: string;
      /** `gate` holds both, the gate first. */
      readonly fused?: boolean;
    }
  | Experts;

export interface Experts {
  readonly kind: 'experts';
  readonly hidden: number;
  readonly activation: string;
  readonly experts: number;
  readonly active: number;
  readonly router: string;
  readonly gate: string;
  readonly up: string;
  readonly down: string;
  /** Softmax over the selected experts, or over all of them, with what is left summing to less than 1. */
  readonly weights: 'of the selected' | 'of all';
  readonly shared?:
    | { readonly hidden: number; readonly names: string; readonly gate: string }
    | undefined;
  /** In layers that are not sparse. */
  readonly dense?: (FeedForward & { readonly kind: 'gated' }) | undefined;
}

export type Layout =
  /** x += f(norm(x)). */
  | 'pre'
  /** x = norm(x + f(x)). */
  | 'post'
  /** Attention and feed-forward both read the stream before either has written. */
  | 'parallel'
  /** x += norm(f(norm(x))). */
  | 'sandwich'
  /** x += norm(f(x)). */
  | 'write norm';

export interface Stack {
  /** Name of the block of one layer. */
  readonly block: string;
  /** `model.layers.*.`. */
  readonly layer: string;
  readonly layers: number;
  readonly layout: Layout;
  readonly norm: Norm;
  /** In the order in which they come in the layer; a parallel layer may have one for both. */
  readonly norms: readonly string[];
  readonly attention: Attention;
  readonly feedForward: FeedForward;
  /** Stored as [in, out], as GPT-2's are; otherwise as [out, in]. */
  readonly stored?: 'in-out';
  /** What differs between layers: arguments of the block, with their values in terms of `layer`. */
  readonly perLayer?: readonly {
    readonly name: string;
    readonly type: string;
    readonly value: string;
  }[];
}
