import type {
  DimRow,
  ExpectationResult,
  GenerationResult,
  SourceRange,
  SweepResult,
} from '../../src/trace/index.ts';
import type { CostedStatement } from '../../src/views/index.ts';
import type { FakeSize } from './fake-trace.ts';

/** Where a name of the made-up program stands: nowhere real, but always the same place for the same name. */
export function sourceOf(name: string): SourceRange {
  const start = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1000, 7);
  return { uri: 'file:///gallery/decoder.tblock', start, end: start + name.length };
}

export function dims({ layers, heads, tokens, width }: FakeSize): readonly DimRow[] {
  return [
    { name: 'N', value: tokens, definition: '', origin: 'input' },
    { name: 'd', value: width, definition: '', origin: 'file' },
    { name: 'h', value: heads, definition: '', origin: 'file' },
    { name: 'k', value: width / heads, definition: 'd / h', origin: 'file' },
    { name: 'L', value: layers, definition: '', origin: 'run' },
    { name: 'V', value: 101, definition: '', origin: 'file' },
    { name: 'S', value: undefined, definition: '', origin: 'free' },
  ];
}

export const expectations: readonly ExpectationResult[] = [
  {
    source: sourceOf('expect shape'),
    text: 'expect shape(logits) == [N, V]',
    passed: true,
    message: '[12, 101]',
  },
  {
    source: sourceOf('expect near'),
    text: 'expect norm(logits) < 50',
    passed: false,
    message: 'norm(logits) is 61.3, which is 11.3 too much',
  },
];

/** Statements with each of the four verdicts. */
export function statements({ layers, heads, tokens, width }: FakeSize): readonly CostedStatement[] {
  const copies = (name: string) =>
    Array.from({ length: layers }, (_, layer) => `blocks.${layer}.${name}`);
  const row = (
    owner: string,
    text: string,
    symbolic: string,
    numeric: readonly number[] | undefined,
    paths: readonly string[],
    parts: Partial<CostedStatement> = {},
  ): CostedStatement => ({
    source: sourceOf(owner + text),
    text,
    owner,
    depth: 0,
    symbolic,
    numeric,
    verdict: 'equal',
    message: undefined,
    paths,
    ...parts,
  });
  const stream = [tokens, width];
  const maps = [heads, tokens, tokens];
  return [
    row(
      'Attention',
      'q = split_heads(x @ W_Q, h)',
      '[h, N, k]',
      [heads, tokens, width / heads],
      [],
    ),
    row('Attention', 'scores = q @ k.T / sqrt(k)', '[h, N, N]', maps, copies('attn.scores')),
    row('Attention', 'pattern = softmax(mask(scores))', '[h, N, N]', maps, copies('attn.pattern')),
    row('Attention', 'return merge_heads(pattern @ v) @ W_O', '[N, d]', stream, copies('attn.out')),
    row('Block', 'x += Attention(norm(x)) as attn', '[N, d]', stream, copies('x#1'), {
      parameters: 4 * width * width,
      flops: 8 * tokens * width * width,
      bytes: 4 * heads * tokens * tokens,
    }),
    row('Block', 'x += FFN(norm(x)) as ffn', '[N, d]', stream, copies('x#2'), {
      parameters: 8 * width * width,
      flops: 16 * tokens * width * width,
      bytes: 16 * tokens * width,
    }),
    row('Block', 'y = x @ P', '[N, S]', undefined, [], {
      verdict: 'undecided',
      message: 'S has no value yet: no input and no run says what it is.',
    }),
    row('Block', 'z = x + table', '[N, d]', stream, [], {
      verdict: 'coincidence',
      message: 'k · h equals d here (8 · 4 = 32), but nothing says that it always does.',
    }),
    row('Decoder', 'x = embed(ids)', '[N, d]', stream, []),
    row('Decoder', 'repeat L as blocks { x = Block(x) }', '[N, d]', stream, []),
    row('Decoder', 'logits = norm(x) @ W_U', '[N, V]', [tokens, 101], ['logits'], { depth: 1 }),
    row('Decoder', 'bad = logits @ W_U', '?', undefined, [], {
      verdict: 'error',
      message:
        'The inner dims of @ differ: V = 101 on the left, d = 32 on the right.\nleft  logits [N, V]\nright W_U    [d, V]',
    }),
  ];
}

/** What every head is worth: the later layers more, one head most, and a second metric with a gap. */
export function sweep({ layers, heads }: FakeSize): SweepResult {
  const counted = (count: number) => Array.from({ length: count }, (_, i) => i);
  const drop = counted(layers * heads).map((i) => {
    const [layer, head] = [Math.floor(i / heads), i % heads];
    return ((layer + 1) / layers) * Math.sin(head + layer) + (head === 1 && layer === 1 ? 3 : 0);
  });
  return {
    axes: [
      { name: 'l', values: counted(layers) },
      { name: 'h', values: counted(heads) },
    ],
    metrics: [
      { name: 'drop', values: Float64Array.from(drop) },
      { name: 'rank', values: Float64Array.from(drop, (x) => (x < -0.5 ? Number.NaN : x * x)) },
    ],
  };
}

/** Three new tokens: one as good as certain, one drawn against the odds. */
export const generation: GenerationResult = {
  prompt: [0, 37, 74, 10, 47],
  steps: [
    { token: 84, probability: 0.97, chance: 1, candidates: candidates([84, 0.97], [3, 0.01]) },
    { token: 20, probability: 0.12, chance: 0.2, candidates: candidates([5, 0.4], [20, 0.12]) },
    { token: 57, probability: 0.51, chance: 0.6, candidates: candidates([57, 0.51], [9, 0.3]) },
  ],
  texts: new Map<number, string>([
    ...([
      [0, 'The'],
      [37, ' cat'],
      [74, ' sat'],
      [10, ' on'],
      [47, ' the'],
      [84, ' mat'],
    ] as const),
    ...([
      [20, ' and'],
      [57, ' then'],
      [5, '.'],
      [3, ' rug'],
      [9, ' slept'],
    ] as const),
  ]),
  reason:
    'After the prompt every step computed one token, from what the cache has of those before.',
};

function candidates(...entries: readonly (readonly [token: number, probability: number])[]) {
  return entries.map(([token, probability]) => ({ token, probability }));
}
