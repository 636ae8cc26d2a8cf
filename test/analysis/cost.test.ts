import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type Analysis,
  analyze,
  type Cost,
  costAt,
  costFigures,
  costLine,
  costNamed as costOfTarget,
  type Devices,
  findingsOf,
} from '../../src/analysis/index.ts';
import { formatDim } from '../../src/dims/index.ts';
import { numberOf } from '../../src/shapes/index.ts';
import { noFiles } from '../shapes/check.ts';

function analysisOf(text: string): Analysis {
  return analyze('file:///cost.tblock', text, noFiles);
}

function costNamed(analysis: Analysis, name: string) {
  const cost = costOfTarget(analysis, name)?.cost;
  if (cost === undefined) throw new Error(`${name} has no cost.`);
  return cost;
}

const inDims = ({ parameters, values, flops }: Cost) =>
  [parameters, values, flops].map((part) => formatDim(part));

describe('a product', () => {
  const analysis = analysisOf(`dims { N, d = 4, m = 8 }
block P(x: [N, d]) -> [N, m] {
  param W: [d, m]
  y = x @ W
  return relu(y)
}`);
  const cost = costNamed(analysis, 'P');

  test('has two operations for every pair of numbers that it multiplies', () => {
    expect(inDims(cost.total)).toEqual(['d·m', '2·N·m', '2·N·d·m + N·m']);
  });

  test('costs at its statement what it costs', () => {
    const start = analysis.text.indexOf('y = x @ W');
    const statement = { uri: analysis.uri, start, end: start + 'y = x @ W'.length };
    expect(inDims(cost.within(statement))).toEqual(['0', 'N·m', '2·N·d·m']);
  });
});

test('repeats count in dims, and are looked at twice at most', () => {
  const analysis = analysisOf(`dims { N, d = 4, L = 96 }
model M {
  input x: [N, d]
  repeat L as layers { x += FFN(x, hidden: 4 * d, bias: false) }
  output y = x
}`);
  const [parameters, , flops] = inDims(costNamed(analysis, 'M').total);
  expect(parameters).toBe('8·L·d·d');
  expect(flops).toBe('16·L·N·d·d + 5·L·N·d');
});

test('copies that share their parameters have one set of them', () => {
  const analysis = analysisOf(`dims { N, d = 4, L = 6 }
model M {
  input x: [N, d]
  repeat L as layers shared { x += FFN(x, hidden: 4 * d, bias: false) }
  output y = x
}`);
  expect(formatDim(costNamed(analysis, 'M').total.parameters)).toBe('8·d·d');
});

test('a body that looks at its layer is looked at in every copy', () => {
  const analysis = analysisOf(`dims { N, d = 4, L = 6 }
model M {
  input x: [N, d]
  repeat L as layers {
    if layer == 0 { x += FFN(x, hidden: d, bias: false) } else { x = exp(x) }
  }
  output y = x
}`);
  expect(formatDim(costNamed(analysis, 'M').total.parameters)).toBe('2·d·d');
});

test("GPT-2 small has the parameters that its paper's checkpoint has", () => {
  const text = readFileSync(new URL('../../examples/gpt2-small.tblock', import.meta.url), 'utf8');
  const analysis = analysisOf(text);
  const { parameters } = costNamed(analysis, 'GPT2').total;
  expect(numberOf(analysis.dimFacts, parameters)).toBe(124_439_808);
  expect(formatDim(parameters)).toContain('12·L·d·d');
});

test('a block costs in its own dims', () => {
  const analysis = analysisOf(`block Wide(x: [..., n], out: dim) -> [..., out] {
  param W: [n, out]
  return x @ W
}`);
  expect(inDims(costNamed(analysis, 'Wide').total)).toEqual(['n·out', 'out', '2·n·out']);
});

describe('as a text', () => {
  const line = (text: string, name: string) => {
    const analysis = analysisOf(text);
    const found = costOfTarget(analysis, name);
    return found && costLine(found.cost.total, found.facts);
  };

  test('a run has numbers, with the lengths that it sets', () =>
    expect(
      line(
        `dims { N, d = 512, m = 2048 }
block P(x: [N, d]) -> [N, m] {
  param W: [d, m]
  return x @ W
}
run demo for P { dims { N = 1000 } }`,
        'demo',
      ),
    ).toBe('1.05 M parameters · 2.10 GFLOP · 13.8 MiB'));

  test('what depends on a dim without a value is said in dims', () =>
    expect(line('dims { N, d = 4 }\nblock P(x: [N, d]) -> [N, d] { return exp(x) }', 'P')).toBe(
      'N·d FLOPs · 8·N·d B',
    ));

  test('powers are raised, and small terms left out', () => {
    const analysis = analysisOf(`dims { N, d }
block F(x: [N, d]) -> [N, d] { return FFN(x, hidden: 4 * d) }`);
    const cost = costNamed(analysis, 'F').total;
    expect(costFigures(cost, analysis.dimFacts).map(({ symbolic }) => symbolic)).toEqual([
      '8·d² + 5·d',
      '16·N·d² + 9·N·d',
      '60·N·d + 32·d² + 20·d',
    ]);
  });
});

describe('at a place', () => {
  const text = `dims { N, d = 4 }
block F(x: [N, d]) -> [N, d] {
  y = FFN(x, hidden: 8, bias: false)
  z = x
  return y + z
}`;
  const at = (place: string) => {
    const found = costAt(analysisOf(text), text.indexOf(place));
    return found && `${found.kind} ${formatDim(found.cost.flops)}`;
  };

  test.each([
    ['the name of a block', 'F(x: [', 'block 33·N·d + 8·N'],
    ['a statement', 'hidden', 'statement 32·N·d + 8·N'],
    ['a statement that computes nothing', 'z = x', undefined],
  ])('%s', (_, place, expected) => expect(at(place)).toBe(expected));
});

describe('a run that cannot fit', () => {
  const large = `dims { N, d = 100_000 }
block P(x: [N, d]) -> [N, d] {
  param W: [d, d]
  return x @ W
}
run small for P { dims { N = 1, d = 10 } }
run large for P { dims { N = 10 } }`;
  const found = (memory: number) =>
    findingsOf(analysisOf(large), { memory }).map(({ code, source, message }) => [
      code,
      large.slice(source.start, source.end),
      message,
    ]);

  test('is known before it starts, and the one that fits is left alone', () =>
    expect(found(48 * 2 ** 30)).toEqual([
      [
        'TB212',
        'large',
        'This run needs 37.3 GiB, and 36.0 GiB are to be had: make the dims smaller.',
      ],
    ]));

  test('fits into more', () => expect(found(256 * 2 ** 30)).toEqual([]));
});

describe('a value that a device cannot hold', () => {
  const text = `dims { N = 8192, heads = 12, d = 24 }
model M {
  input x: [N, d]
  output y = MultiHeadAttention(x, heads: heads) as attn
}
run here for M { seed = 1 }
run short for M { dims { N = 8 } }
run elsewhere for M { backend = cpu }`;
  const device = { name: 'Some GPU', largestValue: 2 ** 30 };
  const found = (devices: Devices) =>
    findingsOf(analysisOf(text), { memory: 2 ** 40, devices }).map(
      ({ code, source, message, related }) => [
        code,
        text.slice(source.start, source.end),
        message,
        ...related.map((place) => text.slice(place.source.start, place.source.end)),
      ],
    );

  test('is named, with its size and the limit, where a run would make it there', () => {
    const message =
      'attn.scores, [heads, N, N], takes 3.00 GiB, and Some GPU holds 1.00 GiB at once: this run is computed on the processor.';
    const call = 'MultiHeadAttention(x, heads: heads) as attn';
    expect(found({ gpu: device })).toEqual([
      ['TB215', 'M', message, call],
      ['TB215', 'here', message, call],
    ]);
  });

  test('does not stop the processor, which makes it piece by piece', () =>
    expect(found({ cpu: device })).toEqual([]));

  test('stops the processor where it is given as a whole', () =>
    expect(found({ cpu: { name: 'The processor', largestValue: 2 ** 19 } })[0]).toEqual([
      'TB212',
      'M',
      'x, [N, d], takes 768 KiB, and The processor holds 512 KiB at once: make the dims smaller.',
      'x',
    ]));
});
