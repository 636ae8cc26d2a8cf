import { describe, expect, test } from 'vitest';
import { expressionOf } from './outline.ts';

describe('precedence, high to low', () => {
  test.each([
    ['-x.T', '(- (. x T))'],
    ['-x[0]', '(- (at x 0))'],
    ['-a @ b', '(@ (- a) b)'],
    ['a * b @ c', '(* a (@ b c))'],
    ['a + b * c - d / e % f', '(- (+ a (* b c)) (% (/ d e) f))'],
    ['a - b - c', '(- (- a b) c)'],
    ['a @ b @ c', '(@ (@ a b) c)'],
    ['(a + b) * c', '(* (+ a b) c)'],
    ['a + 1 < b * 2', '(< (+ a 1) (* b 2))'],
    ['not a == b and c or d', '(or (and (not (== a b)) c) d)'],
    ['not not a', '(not (not a))'],
    ['--a', '(- (- a))'],
    ['q @ k.T / sqrt(d_k)', '(/ (@ q (. k T)) sqrt(d_k))'],
    ['x<-1', '(< x (- 1))'],
  ])('%s', (text, tree) => expect(expressionOf(text)).toBe(tree));
});

describe('operands', () => {
  test.each([
    ['50_257', '50257'],
    ['1e-5', '0.00001f'],
    ['0.02', '0.02f'],
    ['2.', '2f'],
    ['.5', '0.5f'],
    ['-inf', '(- Infinityf)'],
    ['"a\\n\\"b\\" \\u03b3 \\\\"', '"a\\n\\"b\\" γ \\\\"'],
    ['true', 'true'],
    ['false', 'false'],
    ['none', 'none'],
    ['[[0.1, 2], []]', '[[0.1f 2] []]'],
    ['"f.safetensors"["name"]', '(at "f.safetensors" "name")'],
  ])('%s', (text, tree) => expect(expressionOf(text)).toBe(tree));
});

describe('calls', () => {
  test.each([
    ['f()', 'f()'],
    ['f(x, heads: 8,)', 'f(x, heads:8)'],
    ['f(g(x) as ln, y: h(z)) as attn', 'f(g(x) as ln, y:h(z)) as attn'],
    ['f(x) as layer + g(x) as as', '(+ f(x) as layer g(x) as as)'],
    ['f(x) as model', 'f(x) as model'],
    ['f(x)[0].T', '(. (at f(x) 0) T)'],
    ['rearrange(x, "n (h k) -> h n k", h: heads)', 'rearrange(x, "n (h k) -> h n k", h:heads)'],
  ])('%s', (text, tree) => expect(expressionOf(text)).toBe(tree));
});

describe('slices', () => {
  test.each([
    ['x[0:64]', '(at x (SliceRange start:0 stop:64))'],
    ['x[:, 3]', '(at x (SliceRange) 3)'],
    ['x[..., -1]', '(at x ... (- 1))'],
    ['x[:, none]', '(at x (SliceRange) none)'],
    ['x[tokens]', '(at x tokens)'],
    [
      'x[a:b:2, ::2, 1:]',
      '(at x (SliceRange start:a stop:b step:2) (SliceRange step:2) (SliceRange start:1))',
    ],
    ['x[0][1]', '(at (at x 0) 1)'],
  ])('%s', (text, tree) => expect(expressionOf(text)).toBe(tree));
});

describe('paths', () => {
  test.each([
    ['blocks.3.attn.W_Q', '(. (. (. blocks 3) attn) W_Q)'],
    ['blocks.0.1.x', '(. (. (. blocks 0) 1) x)'],
    ['label#0.1', '(. label#0 1)'],
    ['a.x#1[0]', '(at (. a x#1) 0)'],
    [
      'blocks.3.repeat.if.dims.true.inf',
      '(. (. (. (. (. (. blocks 3) repeat) if) dims) true) inf)',
    ],
    ['other.blocks.*.run', '(. (. (. other blocks) *) run)'],
    ['top_k(x, 2).indices[..., none]', '(at (. top_k(x, 2) indices) ... none)'],
  ])('%s', (text, tree) => expect(expressionOf(text)).toBe(tree));
});
