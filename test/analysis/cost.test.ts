import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Analysis, analyze, type Cost, costOf } from '../../src/analysis/index.ts';
import { formatDim } from '../../src/dims/index.ts';
import { numberOf } from '../../src/shapes/index.ts';
import { noFiles } from '../shapes/check.ts';

function analysisOf(text: string): Analysis {
  return analyze('file:///cost.tblock', text, noFiles);
}

function costNamed(analysis: Analysis, name: string) {
  const { models, blocks, named } = analysis.program;
  const target = models.get(name) ?? blocks.get(named.get(name) ?? '');
  const cost = target && costOf(analysis, target);
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
