import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { outline, parseRight } from './outline.ts';
import { everyStatement, firstFile, preNorm, weights } from './samples.ts';

const prelude = readFileSync(new URL('../../src/ops/prelude.tblock', import.meta.url), 'utf8');

describe('whole programs parse', () => {
  test.each([
    ['the first file', firstFile, 'DimsBlock Block Model Run'],
    ['the pre-norm block', preNorm, 'Block'],
    ['the mapping', weights, 'Weights'],
    ['every statement', everyStatement, 'Import DimsBlock Block Model Run Run'],
  ])('%s', (_name, text, declarations) => {
    expect(
      parseRight(text)
        .declarations.map((declaration) => declaration.$type)
        .join(' '),
    ).toBe(declarations);
  });

  test('the standard library', () => {
    const blocks = parseRight(prelude).declarations;
    expect(new Set(blocks.map((block) => block.$type))).toEqual(new Set(['Block']));
    expect(blocks.length).toBeGreaterThan(10);
  });

  test('with Windows line ends', () => {
    const text = everyStatement.replaceAll('\n', '\r\n');
    expect(outline(parseRight(text))).toBe(outline(parseRight(everyStatement)));
  });

  test('without a line end at the end, or with nothing at all', () => {
    expect(parseRight(preNorm.trimEnd()).declarations).toHaveLength(1);
    expect(parseRight('').declarations).toEqual([]);
    expect(parseRight('\n\n// nothing\n').declarations).toEqual([]);
  });
});

describe('declarations', () => {
  const one = (text: string): string => outline(parseRight(text).declarations[0]);

  test('dims: commas or lines, and conditions last', () => {
    const expected =
      '(DimsBlock entries:[(DimEntry name:"d") (DimEntry name:"h" value:(/ d 64))] conditions:[(== (* h 64) d) (> d 0)])';
    expect(one('dims { d, h = d / 64 where h * 64 == d, d > 0 }')).toBe(expected);
    expect(one('dims {\n  d\n\n  h = d / 64,\n  where h * 64 == d,\n    d > 0\n}')).toBe(expected);
    expect(one('dims {\n  d,\n  h =\n d / 64\n  where h * 64 == d, d > 0 }')).toBe(expected);
    expect(one('dims { }')).toBe('(DimsBlock)');
  });

  test('parameters of each kind, each of which may be optional', () => {
    expect(one('block B(x: int[..., n]?, k: dim? = none, act: fn = gelu) { return x }')).toBe(
      '(Block name:"B" parameters:[' +
        '(Parameter name:"x" type:(ShapeType element:"int" axes:[... n] optional:true)) ' +
        '(Parameter name:"k" type:(KindType kind:"dim" optional:true) initial:none) ' +
        '(Parameter name:"act" type:(KindType kind:"fn") initial:gelu)] ' +
        'statements:[(Return value:x)])',
    );
  });

  test('a family of runs on one line', () => {
    expect(
      one('run a[l: 0:L] for GPT { patch blocks.[l].z[h] = 0  metric drop = logits[-1, 464] }'),
    ).toBe(
      '(Run name:"a" family:[(FamilyAxis name:"l" start:0 stop:L)] subject:"GPT" statements:[' +
        '(Patch target:<blocks.[l].z> items:[h] value:0) ' +
        '(Metric name:"drop" value:(at logits (- 1) 464))])',
    );
  });

  test('expectations', () => {
    expect(
      one(
        'run r for M {\n expect a.0.x#1 : [N]\n expect mean(t) ~ 0 within 1e-5\n expect x <= 2\n}',
      ),
    ).toBe(
      '(Run name:"r" subject:"M" statements:[' +
        '(Expect subject:(. (. a 0) x#1) type:(ShapeType axes:[N])) ' +
        '(Expect subject:mean(t) operator:"~" value:0 tolerance:0.00001f) ' +
        '(Expect subject:x operator:"<=" value:2)])',
    );
  });

  test('mappings and imports', () => {
    expect(one('weights w = "m.safetensors" { a.*.W <- "x.*".T[:, 0:d] }')).toBe(
      '(Weights name:"w" file:"m.safetensors" mappings:[' +
        '(Mapping target:<a.*.W> source:(at (. "x.*" T) (SliceRange) (SliceRange start:0 stop:d)))])',
    );
    expect(one('import {\n A,\n B as as,\n} from "./x.tblock"')).toBe(
      '(Import items:[(ImportItem name:"A") (ImportItem name:"B" alias:"as")] file:"./x.tblock")',
    );
  });
});
