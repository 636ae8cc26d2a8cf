/** What elementwise functions give where scores are hidden: -inf before a softmax, 0 after it. */
import type { BinaryFunction, UnaryFunction } from '../form.ts';

/** The value of all elements that are hidden; `anything` where it is not known. */
export type Hidden = 'anything' | '-inf' | '0';

const zeroForZero: ReadonlySet<UnaryFunction> = new Set<UnaryFunction>([
  ...(['abs', 'floor', 'gelu', 'gelu_tanh', 'negate', 'relu'] as const),
  ...(['silu', 'sin', 'sqrt', 'square', 'tanh'] as const),
]);

export function hiddenAfterUnary(fn: UnaryFunction, x: Hidden): Hidden {
  if (x === '-inf' && fn === 'exp') return '0';
  return x === '0' && zeroForZero.has(fn) ? '0' : 'anything';
}

/** The other operand of a sum or a product is taken to be finite, as masks and weights are. */
export function hiddenAfterBinary(
  fn: BinaryFunction,
  a: Hidden | 'positive',
  b: Hidden | 'positive',
): Hidden {
  const either = (wanted: Hidden | 'positive') => a === wanted || b === wanted;
  switch (fn) {
    case 'add':
      return either('-inf') ? '-inf' : 'anything';
    case 'subtract':
      return a === '-inf' ? '-inf' : 'anything';
    case 'multiply':
      if (either('0')) return '0';
      return either('-inf') && either('positive') ? '-inf' : 'anything';
    case 'divide':
      if (a === '0') return '0';
      return a === '-inf' && b === 'positive' ? '-inf' : 'anything';
    default:
      return 'anything';
  }
}
