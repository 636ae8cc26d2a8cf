/** What is computed, the same for TBlock and for every peer. */
import { cacheFolder, examplesFolder, programsFolder } from '../paths.ts';

/** One workload as every process is told it. Shapes are in elements; `past` is the number of tokens in the cache. */
export interface Work {
  readonly name: string;
  readonly model: 'gpt2' | 'gpt2-cached' | 'post-norm' | 'product';
  /** Operations of one run: two for each multiply-add of a matrix product. */
  readonly flops: number;
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
  readonly past: number;
  readonly causal: boolean;
  readonly threads: number;
  readonly tokens?: readonly number[];
  /** Safetensors files: parameters by their paths, inputs by their names. */
  readonly weights: string;
  readonly inputs?: string;
  /** Where the ONNX graph goes: beside the weights that it refers to. */
  readonly graph: string;
  /** The parameter that every second run has edited. */
  readonly edited?: string;
  /** The program, its model, and the dims given to it. */
  readonly program: string;
  readonly target: string;
  readonly dims: Readonly<Record<string, number>>;
  /** Values that are compared with ours before anything is timed. */
  readonly checked: readonly string[];
}

/** As many as all engines get. */
export const threads = 2;

const gpt2 = { width: 768, heads: 12, layers: 12, past: 0, causal: true, threads };
const vocabulary = 50_257;

/** GPT-2 small's shape over a prompt of `length` tokens. */
export function gpt2Work(length: number, edited?: string): Work {
  const name = edited === undefined ? `N=${length}` : `edit in the last layer, N=${length}`;
  return {
    ...gpt2,
    name,
    model: 'gpt2',
    flops: gpt2Flops(length, length),
    tokens: tokensOf(length),
    weights: `${cacheFolder}gpt2.safetensors`,
    graph: `${cacheFolder}gpt2-${length}${edited === undefined ? '' : '-edited'}.onnx`,
    ...(edited === undefined ? {} : { edited }),
    program: `${examplesFolder}gpt2-small.tblock`,
    target: 'GPT2',
    dims: { T: length },
    checked: [
      'blocks.0.attn.q',
      'blocks.0.attn.pattern',
      'blocks.0.mlp.post',
      'blocks.11.attn.z',
      'blocks.11.mlp.out',
      'ln_f',
      'logits',
    ],
  };
}

/** One new token after `past` tokens whose keys and values are given. */
export function cachedWork(past: number): Work {
  return {
    ...gpt2,
    name: `one token after ${past}`,
    model: 'gpt2-cached',
    flops: gpt2Flops(1, past + 1),
    past,
    tokens: tokensOf(1),
    weights: `${cacheFolder}gpt2.safetensors`,
    inputs: `${cacheFolder}gpt2-past-${past}.safetensors`,
    graph: `${cacheFolder}gpt2-past-${past}.onnx`,
    program: `${programsFolder}gpt2-cached.tblock`,
    target: 'Cached',
    dims: { P: past, T: 1 },
    checked: ['blocks.0.attn.k', 'blocks.0.attn.pattern', 'blocks.11.mlp.post', 'logits'],
  };
}

/** The textbook's block, two of them. */
export function blockWork(): Work {
  const [width, length, layers, heads] = [64, 16, 2, 4];
  return {
    name: 'textbook block',
    model: 'post-norm',
    flops: layers * (24 * length * width ** 2 + 4 * length ** 2 * width),
    width,
    heads,
    layers,
    past: 0,
    causal: false,
    threads,
    weights: `${cacheFolder}block.safetensors`,
    inputs: `${cacheFolder}block-inputs.safetensors`,
    graph: `${cacheFolder}block.onnx`,
    program: `${programsFolder}post-norm.tblock`,
    target: 'Stack',
    dims: { N: length, d: width, heads, L: layers },
    checked: ['blocks.0.attn.pattern', 'blocks.1.mlp.post', 'blocks.1.ln_2'],
  };
}

/** [m, k] @ [k, n], the right side a weight. */
export function productWork(m: number, k: number, n: number): Work {
  const file = `${cacheFolder}product-${m}-${k}-${n}`;
  return {
    name: m === k && k === n ? `${m}³` : `${m}×${k}×${n}`,
    model: 'product',
    flops: 2 * m * k * n,
    width: k,
    heads: 1,
    layers: 1,
    past: 0,
    causal: false,
    threads,
    weights: `${file}.safetensors`,
    inputs: `${file}-inputs.safetensors`,
    graph: `${file}.onnx`,
    program: `${programsFolder}product.tblock`,
    target: 'Product',
    dims: { m, k, n },
    checked: ['y'],
  };
}

function gpt2Flops(tokens: number, keys: number): number {
  const { width, layers } = gpt2;
  return tokens * (layers * (24 * width ** 2 + 4 * keys * width) + 2 * vocabulary * width);
}

function tokensOf(length: number): readonly number[] {
  return Array.from({ length }, (_, i) => (i * 7919 + 464) % vocabulary);
}
