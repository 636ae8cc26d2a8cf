/** Lengths as written: integers, dims, `+ - *` and exact `/`. */
import {
  addDims,
  type Dim,
  divideDims,
  literalDim,
  multiplyDims,
  subtractDims,
} from '../dims/index.ts';
import type { Expression as ExpressionNode, Name } from '../syntax/index.ts';

export type DimArithmetic =
  | { readonly kind: 'dim'; readonly dim: Dim }
  /** A name was not found (reported by who looks names up), or a syntax error left a hole. */
  | { readonly kind: 'broken' }
  | { readonly kind: 'division by zero'; readonly node: ExpressionNode }
  /** Something that is no length. */
  | { readonly kind: 'unfit'; readonly node: ExpressionNode };

/** `visit` sees every quotient with its node, for the check that it is exact. */
export function dimArithmetic(
  node: ExpressionNode,
  lookUp: (name: Name) => Dim | undefined,
  visit: (quotient: Dim, node: ExpressionNode) => void = () => {},
): DimArithmetic {
  switch (node.$type) {
    case 'IntegerLiteral':
      return { kind: 'dim', dim: literalDim(node.value) };
    case 'Name': {
      const dim = lookUp(node);
      return dim === undefined ? { kind: 'broken' } : { kind: 'dim', dim };
    }
    case 'Missing':
      return { kind: 'broken' };
    case 'Unary': {
      if (node.operator !== '-') return { kind: 'unfit', node };
      const operand = dimArithmetic(node.operand, lookUp, visit);
      if (operand.kind !== 'dim') return operand;
      return { kind: 'dim', dim: subtractDims(literalDim(0), operand.dim) };
    }
    case 'Binary': {
      const left = dimArithmetic(node.left, lookUp, visit);
      const right = dimArithmetic(node.right, lookUp, visit);
      if (left.kind !== 'dim') return left;
      if (right.kind !== 'dim') return right;
      return combine(node, left.dim, right.dim, visit);
    }
    default:
      return { kind: 'unfit', node };
  }
}

function combine(
  node: Extract<ExpressionNode, { $type: 'Binary' }>,
  left: Dim,
  right: Dim,
  visit: (quotient: Dim, node: ExpressionNode) => void,
): DimArithmetic {
  switch (node.operator) {
    case '+':
      return { kind: 'dim', dim: addDims(left, right) };
    case '-':
      return { kind: 'dim', dim: subtractDims(left, right) };
    case '*':
      return { kind: 'dim', dim: multiplyDims(left, right) };
    case '/': {
      const quotient = divideDims(left, right);
      if (quotient === undefined) return { kind: 'division by zero', node };
      visit(quotient, node);
      return { kind: 'dim', dim: quotient };
    }
    default:
      return { kind: 'unfit', node };
  }
}
