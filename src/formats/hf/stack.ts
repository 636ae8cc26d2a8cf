/** A stack of equal layers as text: the block of one layer, the repeat in the model, the mapping of its weights. */
import { attentionCall, attentionDims, mapAttention, mapNorm } from './attention.ts';
import { callText, type Draft } from './draft.ts';
import { feedForwardDims, feedForwardWrites, mapFeedForward } from './feed-forward.ts';
import type { Norm, Stack } from './parts.ts';

/** The dims, blocks, `repeat` and mapping of the layers; the stream is `x` before and after. */
export function writeStack(stack: Stack, draft: Draft): void {
  const { attention, layers, perLayer = [] } = stack;
  attentionDims(stack, draft);
  feedForwardDims(stack.feedForward, draft);
  draft.dim('L', layers, 'layers');
  writeNormBlock(stack.norm, draft);
  const frequencies = attention.rope?.frequencies !== undefined;
  const parameters = ['x: [N, d]'];
  if (frequencies) {
    parameters.push(`freqs: [${attention.rotary === undefined ? 'd_k' : 'rotary'} / 2]`);
  }
  for (const { name, type } of perLayer) parameters.push(`${name}: ${type}`);
  const body = layerStatements(stack, draft)
    .flatMap((statement) => statement.split('\n'))
    .map((line) => `  ${line}`)
    .join('\n');
  draft.block(
    `/// ${aboutOf(stack)}\nblock ${stack.block}(${parameters.join(', ')}) -> [N, d] {\n${body}\n  return x\n}`,
  );
  const given = perLayer.map(({ name, value }) => `${name}: ${value}`);
  const call = callText(stack.block, ['x', ...(frequencies ? ['freqs'] : []), ...given]);
  if (frequencies) draft.statement('freqs = RotaryFrequencies()');
  draft.statement(`repeat L as blocks {\n  x = ${call}\n}`);
  mapStack(stack, draft);
}

export function normCall({ block, arguments: args }: Norm, x: string): string {
  return `${block}(${[x, ...args].join(', ')})`;
}

/** Blocks of norms that the standard library does not have. */
export function writeNormBlock({ block }: Norm, draft: Draft): void {
  if (block !== 'ScaledLayerNorm') return;
  draft.block(`/// Layer normalisation without a bias: γ·(x − μ) / √(σ² + ε).
block ScaledLayerNorm(x: [..., n], eps: number = 1e-5) -> [..., n] {
  param gamma: [n] = ones
  return gamma * (x - mean(x, keepdims: true)) / sqrt(var(x, keepdims: true) + eps)
}`);
}

function layerStatements(stack: Stack, draft: Draft): readonly string[] {
  const { norm, layout, norms } = stack;
  const attention = (x: string) => `${attentionCall(stack, x, draft)} as attn`;
  const write = (call: string) => [`x += ${call}`];
  const forward = (x: string, by: typeof write = write) => feedForwardWrites(stack, x, by, draft);
  /** What a sublayer writes goes through a norm first. */
  const writeNormed = (label: string) => (call: string) => [
    `written = ${call}`,
    `x += ${normCall(norm, 'written')} as ${label}`,
  ];
  const named = (x: string, label: string) => `${normCall(norm, x)} as ${label}`;
  switch (layout) {
    case 'pre':
      return [`x += ${attention(named('x', 'ln_1'))}`, ...forward(named('x', 'ln_2'))];
    case 'post':
      return [
        `x += ${attention('x')}`,
        `x = ${named('x', 'ln_1')}`,
        ...forward('x'),
        `x = ${named('x', 'ln_2')}`,
      ];
    case 'parallel': {
      if (norms.length === 1) {
        return [
          `normed = ${named('x', 'ln_1')}`,
          `x += ${attention('normed')}`,
          ...forward('normed'),
        ];
      }
      return [
        `for_attention = ${named('x', 'ln_1')}`,
        `for_mlp = ${named('x', 'ln_2')}`,
        `x += ${attention('for_attention')}`,
        ...forward('for_mlp'),
      ];
    }
    case 'sandwich':
      return [
        ...writeNormed('ln_1_post')(attention(named('x', 'ln_1'))),
        ...forward(named('x', 'ln_2'), writeNormed('ln_2_post')),
      ];
    case 'write norm':
      return [
        ...writeNormed('ln_1_post')(attention('x')),
        ...forward('x', writeNormed('ln_2_post')),
      ];
  }
}

/** The parts of a layer in the order in which they compute; norms are `ln_…`. */
const order: Readonly<Record<Stack['layout'], readonly string[]>> = {
  pre: ['ln_1', 'attn', 'ln_2', 'mlp'],
  post: ['attn', 'ln_1', 'mlp', 'ln_2'],
  parallel: ['ln_1', 'ln_2', 'attn', 'mlp'],
  sandwich: ['ln_1', 'attn', 'ln_1_post', 'ln_2', 'mlp', 'ln_2_post'],
  'write norm': ['attn', 'ln_1_post', 'mlp', 'ln_2_post'],
};

function mapStack(stack: Stack, draft: Draft): void {
  const norms = stack.norms.values();
  for (const part of order[stack.layout]) {
    if (part === 'attn') mapAttention(stack, draft);
    else if (part === 'mlp') mapFeedForward(stack, draft);
    else {
      const { value: tensor } = norms.next();
      if (tensor !== undefined) {
        mapNorm(`blocks.*.${part}`, `${stack.layer}${tensor}`, stack.norm, draft);
      }
    }
  }
}

function aboutOf({ layout, norms }: Stack): string {
  switch (layout) {
    case 'pre':
      return 'Norms before attention and feed-forward network; the stream itself is only added to.';
    case 'post':
      return 'The norm comes after each addition to the stream.';
    case 'sandwich':
      return 'Norms before and after attention and feed-forward network.';
    case 'write norm':
      return 'What attention and feed-forward network write is normalised; what they read is not.';
    case 'parallel':
      return norms.length === 1
        ? 'Attention and feed-forward network read the same normalised stream and write side by side.'
        : 'Attention and feed-forward network read the same stream, each through a norm of its own.';
  }
}
