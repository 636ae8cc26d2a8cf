/** Nested lists of numbers. */
import type { Expression as ExpressionNode } from '../syntax/index.ts';
import type { TensorLiteral } from './expression.ts';

/** Undefined for lists of unequal lengths and for anything but numbers. */
export function tensorLiteral(node: ExpressionNode): TensorLiteral | undefined {
  if (node.$type !== 'ListLiteral') {
    const value = numberLiteral(node);
    return value === undefined ? undefined : { shape: [], data: [value] };
  }
  const parts = node.elements.map(tensorLiteral);
  const [first] = parts;
  if (first === undefined) return node.elements.length === 0 ? { shape: [0], data: [] } : undefined;
  const data: number[] = [];
  for (const part of parts) {
    if (part === undefined || `${part.shape}` !== `${first.shape}`) return undefined;
    data.push(...part.data);
  }
  return { shape: [parts.length, ...first.shape], data };
}

function numberLiteral(node: ExpressionNode): number | undefined {
  switch (node.$type) {
    case 'IntegerLiteral':
    case 'FloatLiteral':
      return node.value;
    case 'Unary': {
      const operand = node.operator === '-' ? numberLiteral(node.operand) : undefined;
      return operand === undefined ? undefined : -operand;
    }
    default:
      return undefined;
  }
}
