/** What a setting of a run, or a patch, gives: a literal, a switch, a source, a function or an expression. */
import { opNamed, sourceNamed } from '../ops/index.ts';
import type { Expression as ExpressionNode } from '../syntax/index.ts';
import { checkExpression } from './check-expression.ts';
import { checkInitial } from './check-initial.ts';
import type { Expression } from './expression.ts';
import { type BodyScope, sourceOf } from './scope.ts';
import { tensorLiteral } from './tensor-literal.ts';

/** A list of texts, or of lists of numbers that are not all alike: one value for each run of a batch. */
export function batchOf(scope: BodyScope, node: ExpressionNode): readonly Expression[] | undefined {
  if (node.$type !== 'ListLiteral' || node.elements.length === 0) return undefined;
  const areTexts = node.elements.every(({ $type }) => $type === 'StringLiteral');
  const areLists = node.elements.every(
    (element) => element.$type === 'ListLiteral' && tensorLiteral(element) !== undefined,
  );
  if (!areTexts && (!areLists || tensorLiteral(node) !== undefined)) return undefined;
  return node.elements.map((element) => settingValue(scope, element));
}

export function settingValue(scope: BodyScope, node: ExpressionNode): Expression {
  const source = sourceOf(scope.file, node);
  switch (node.$type) {
    case 'StringLiteral':
    case 'BooleanLiteral':
      return { kind: 'static', value: node.value, source };
    case 'NoneLiteral':
      return { kind: 'static', value: null, source };
    case 'Name': {
      if (scope.file.dims.has(node.name)) break;
      const block = scope.file.blockNamed(node.name);
      if (block !== undefined)
        return { kind: 'function', target: { kind: 'block', key: block.key }, source };
      const op = opNamed(node.name);
      if (op !== undefined) return { kind: 'function', target: { kind: 'operator', op }, source };
      if (sourceNamed(node.name) === undefined) break;
      return { kind: 'source', initial: checkInitial(scope, node), source };
    }
    case 'Call':
      if (sourceNamed(node.callee) === undefined) break;
      return { kind: 'source', initial: checkInitial(scope, node), source };
    default: {
      const literal = tensorLiteral(node);
      if (literal !== undefined && node.$type === 'ListLiteral')
        return { kind: 'literal', literal, source };
    }
  }
  return checkExpression(scope, node).expression;
}
