import { describe, expect, test } from 'vitest';
import { analyze, buildRun } from '../../src/analysis/index.ts';

/** The streams and patterns of a program's first run, as text. */
function structureOf(text: string): { readonly streams: string[]; readonly patterns: string[] } {
  const files = { readText: () => undefined, resolve: (_from: string, path: string) => path };
  const { program, textOf, diagnostics } = analyze('file:///test.tblock', text, files);
  expect(diagnostics).toEqual([]);
  const [run] = program.runs;
  const none = { shapeOf: () => undefined, tokensOf: () => undefined };
  const graph = run && buildRun({ program, textOf, files: none }, run.name)?.graph;
  if (graph === undefined) throw new Error('The program has no run.');
  return {
    streams: graph.streams.map(({ steps }) =>
      steps
        .map(({ path, kind, hook, write, layer }) => {
          const what = kind === 'write' ? ` + ${write}` : kind === 'norm' ? ' (norm)' : '';
          const name =
            layer === undefined || hook === undefined ? (hook ?? '-') : `${layer}.${hook}`;
          return `${name}: ${path}${what}`;
        })
        .join('\n'),
    ),
    patterns: graph.patterns.map(({ path, heads }) => `${path} × ${heads}`),
  };
}

const dims = 'dims { N = 3, d = 4, heads = 2 }\n';

describe('the residual stream', () => {
  test('of pre-norm blocks: only ever added to, and a last norm', () => {
    const { streams, patterns } = structureOf(`${dims}
model M {
  input x: [N, d]
  repeat 2 as blocks { x = PreNormBlock(x, heads: heads, bias: false) }
  output y = LayerNorm(x) as ln_f
}
run r for M { seed = 1 }
`);
    expect(streams).toEqual([
      [
        '0.resid_pre: x#0',
        '0.resid_mid: blocks.0.x#1 + blocks.0.attn.out',
        '0.resid_post: blocks.0.x#2 + blocks.0.mlp.out',
        '1.resid_mid: blocks.1.x#1 + blocks.1.attn.out',
        '1.resid_post: blocks.1.x#2 + blocks.1.mlp.out',
        '-: ln_f (norm)',
      ].join('\n'),
    ]);
    expect(patterns).toEqual(['blocks.0.attn.pattern × 2', 'blocks.1.attn.pattern × 2']);
  });

  test('of a post-norm block written as equations: the norms are steps of the stream', () => {
    const { streams } = structureOf(`${dims}
block PostNorm(x: [N, d]) -> [N, d] {
  t1 = MultiHeadAttention(x, heads: heads)
  t2 = t1 + x
  t3 = LayerNorm(t2)
  t4 = FFN(t3, hidden: 8, bias: false)
  t5 = t4 + t3
  h = LayerNorm(t5)
  return h
}
run r for PostNorm { seed = 1 }
`);
    expect(streams).toEqual([
      [
        'resid_pre: x',
        'resid_mid: t2 + t1.out',
        '-: t3 (norm)',
        '-: t5 + t4.out',
        'resid_post: h (norm)',
      ].join('\n'),
    ]);
  });

  test('a sum of two values that do not come from each other begins a stream', () => {
    const { streams } = structureOf(`${dims}
model M {
  input tokens: int[N] = [1, 2, 0]
  param wte: [5, d]
  param wpe: [N, d]
  x = wte[tokens] + wpe
  x += FFN(LayerNorm(x), hidden: 8, bias: false) as mlp
  output y = x
}
run r for M { seed = 1 }
`);
    expect(streams).toEqual(['resid_pre: x#0\nresid_post: x#1 + mlp.out']);
  });

  test('a bias is no write', () => {
    const { streams } = structureOf(`${dims}
block B(x: [N, d]) -> [N, d] {
  return Linear(x, d)
}
run r for B { seed = 1 }
`);
    expect(streams).toEqual([]);
  });
});

test('a softmax that no matrix product consumes is no pattern, and one without a name has no path to be seen under', () => {
  const { patterns } = structureOf(`${dims}
block B(x: [N, d]) -> [N, d] {
  weights = softmax(x)
  mixed = softmax(x @ x.T) @ x
  return weights + mixed
}
run r for B { seed = 1 }
`);
  expect(patterns).toEqual([]);
});
