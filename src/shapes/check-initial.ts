/** First values of parameters, inputs and settings: sources, literals, files. */
import { t } from '@vscode/l10n';
import { type Op, parameterDefault, type Source, sourceNamed } from '../ops/index.ts';
import type { Expression as ExpressionNode } from '../syntax/index.ts';
import { checkSource, sourceNames } from './check-call.ts';
import { checkExpression } from './check-expression.ts';
import type { SourceRange } from './diagnostic.ts';
import { reportUnknown } from './did-you-mean.ts';
import type { Expression, InitialValue } from './expression.ts';
import { type BodyScope, sourceOf } from './scope.ts';
import { signatureOf } from './signatures.ts';
import { tensorLiteral } from './tensor-literal.ts';
import { textIn } from './typed.ts';

/** Without an initialiser a parameter is normal(std: 1/√n), n its first axis. */
export function checkInitial(scope: BodyScope, node: ExpressionNode | undefined): InitialValue {
  if (node === undefined) {
    return { kind: 'source', source: parameterDefault, arguments: new Map(), place: nowhere };
  }
  const place = sourceOf(scope.file, node);
  switch (node.$type) {
    case 'Missing':
      return { kind: 'broken' };
    case 'StringLiteral':
      return { kind: 'file', file: node.value, tensor: undefined, place };
    case 'Name': {
      // `zeros` without parentheses.
      const source = sourceNamed(node.name);
      if (source !== undefined) {
        return { kind: 'source', source, arguments: defaultsOf(source), place };
      }
      break;
    }
    case 'Call': {
      const initial = checkSource(scope, node, { checkExpression, applyOp: noOperators });
      if (initial !== undefined) return initial;
      break;
    }
    case 'Index': {
      const { expression } = checkExpression(scope, node);
      if (expression.kind === 'source') return expression.initial;
      if (expression.kind === 'broken') return { kind: 'broken' };
      break;
    }
    default: {
      const literal = tensorLiteral(node);
      if (literal !== undefined) return { kind: 'literal', literal };
    }
  }
  const name = node.$type === 'Call' ? node.callee : node.$type === 'Name' ? node.name : '';
  const message = t`${textIn(scope, place)} is no initialiser: write one of ${sourceNames().join(', ')}, a list of numbers, or a file.`;
  const written = node.$type === 'Call' ? sourceOf(scope.file, node, 'callee') : place;
  const unknown = { name, known: sourceNames(), place: written };
  reportUnknown(scope.file.diagnostics, 'argument', place, message, unknown);
  return { kind: 'broken' };
}

function defaultsOf(source: Source): ReadonlyMap<string, Expression> {
  const parameters = [...signatureOf(source).parameters.values()];
  return new Map(
    parameters.flatMap(({ name, initial }) => (initial ? [[name, initial] as const] : [])),
  );
}

const nowhere: SourceRange = { uri: '', start: 0, end: 0 };

function noOperators(_scope: BodyScope, op: Op): never {
  throw new Error(`${op.name} is not applied in an initialiser.`);
}
