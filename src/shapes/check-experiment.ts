/** What a run changes and asks: patches, expectations, and the metrics of a family. */
import { t } from '@vscode/l10n';
import {
  type Expect,
  type Expression as ExpressionNode,
  type Metric as MetricNode,
  type Patch as PatchNode,
  textOf,
} from '../syntax/index.ts';
import { checkExpression } from './check-expression.ts';
import { checkInitial } from './check-initial.ts';
import { checkSlice } from './check-slice.ts';
import { shapeIn } from './check-type.ts';
import type { Expectation, Metric, Patch } from './checked-run.ts';
import type { SourceRange } from './diagnostic.ts';
import type { Expression } from './expression.ts';
import { pathTemplate } from './path-template.ts';
import { type BodyScope, type FileScope, sourceOf } from './scope.ts';
import { settingValue } from './setting-value.ts';
import { tensorLiteral } from './tensor-literal.ts';

/** Filled while the statements of a run are read. */
export interface Experiment {
  readonly patches: Patch[];
  readonly expectations: Expectation[];
  readonly expectationPlaces: SourceRange[];
  readonly metrics: Metric[];
}

export function readPatch(scope: BodyScope, node: PatchNode, { patches }: Experiment): void {
  const template = pathTemplate(scope, node.target);
  const slice = node.items.length === 0 ? undefined : checkSlice(scope, node.items);
  if (template === undefined || (node.items.length > 0 && slice === undefined)) return;
  patches.push({
    ...template,
    pathSource: sourceOf(scope.file, node, 'target'),
    slice,
    value: fileOr(settingValue, scope, node.value),
    source: sourceOf(scope.file, node),
  });
}

/** In patches and expectations a text is a file. */
function fileOr(
  otherwise: (scope: BodyScope, node: ExpressionNode) => Expression,
  scope: BodyScope,
  node: ExpressionNode,
): Expression {
  if (node.$type !== 'StringLiteral') return otherwise(scope, node);
  const source = sourceOf(scope.file, node);
  return { kind: 'source', initial: checkInitial(scope, node), source };
}

export function readExpectation(
  scope: BodyScope,
  node: Expect,
  { expectations, expectationPlaces }: Experiment,
): void {
  const { file } = scope;
  const source = sourceOf(file, node);
  expectationPlaces.push(source);
  const text = textOf(node).replace(/^expect\s+/, '');
  const subject = checkExpression(scope, node.subject).expression;
  if (node.type !== undefined) {
    const type = shapeIn(scope, node.type);
    if (type !== undefined)
      expectations.push({ kind: 'shape', value: subject, type, source, text });
    return;
  }
  if (node.operator === undefined || node.value === undefined) return;
  const right = fileOr((_, value) => checkExpression(scope, value).expression, scope, node.value);
  const tolerance = node.tolerance === undefined ? 1e-5 : toleranceOf(file, node.tolerance);
  if (tolerance === undefined) return;
  expectations.push({
    kind: 'value',
    left: subject,
    operator: node.operator,
    right,
    tolerance,
    source,
    text,
  });
}

export function readMetric(scope: BodyScope, node: MetricNode, { metrics }: Experiment): void {
  const source = sourceOf(scope.file, node);
  if (metrics.some(({ name }) => name === node.name)) {
    const message = t`There is a metric ${node.name} already.`;
    scope.file.diagnostics.report('duplicate', sourceOf(scope.file, node, 'name'), message);
    return;
  }
  metrics.push({ name: node.name, value: checkExpression(scope, node.value).expression, source });
}

function toleranceOf(file: FileScope, node: ExpressionNode): number | undefined {
  const literal = tensorLiteral(node);
  const value = literal?.shape.length === 0 ? literal.data[0] : undefined;
  if (value !== undefined && value >= 0) return value;
  if (node.$type !== 'Missing') {
    file.diagnostics.report(
      'argument',
      sourceOf(file, node),
      t`A tolerance is a number, 0 or more.`,
    );
  }
  return undefined;
}

/** Runs whose values this one uses. */
export function usedRuns({ patches, expectations, metrics }: Experiment): readonly string[] {
  const names = new Set<string>();
  const visit = (expression: Expression): void => {
    switch (expression.kind) {
      case 'path':
        if (expression.run !== undefined) names.add(expression.run);
        return;
      case 'apply':
        for (const operand of expression.operands) visit(operand.value);
        return;
      case 'call':
        for (const argument of expression.arguments.values()) visit(argument);
        return;
      case 'output':
        visit(expression.value);
        return;
      default:
        return;
    }
  };
  for (const { value } of [...patches, ...metrics]) visit(value);
  for (const expectation of expectations) {
    if (expectation.kind === 'value')
      for (const side of [expectation.left, expectation.right]) visit(side);
  }
  return [...names];
}
