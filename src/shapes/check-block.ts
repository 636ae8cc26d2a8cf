/** Headers and bodies of blocks and models. */
import { t } from '@vscode/l10n';
import { type Dim, localSymbol, symbolDim } from '../dims/index.ts';
import {
  type Block,
  documentationOf,
  type Expression as ExpressionNode,
  type KindType,
  type Model,
  type Parameter,
  rangeOf,
  type ShapeType,
} from '../syntax/index.ts';
import { checkDefault } from './check-arguments.ts';
import { checkExpression } from './check-expression.ts';
import { checkStatements } from './check-statement.ts';
import { shapeIn } from './check-type.ts';
import { dimArithmetic } from './dim-arithmetic.ts';
import type { TensorType } from './expression.ts';
import type { StatementResult } from './place.ts';
import { type BlockParameter, blockKey, type CheckedBlock, type Statement } from './program.ts';
import { type BodyScope, type FileScope, noteValue, sourceOf } from './scope.ts';

/** A block whose body is checked when it is needed. */
export interface BlockUnderCheck {
  readonly block: CheckedBlock;
  readonly scope: BodyScope;
  readonly node: Block | Model;
}

export function checkHeader(file: FileScope, node: Block): BlockUnderCheck {
  const key = blockKey(file.uri, node.name);
  const scope = emptyScope(file, key);
  const generics = new Set<string>();
  for (const { name, type } of node.parameters) {
    if (isDimKind(type)) scope.localDims.set(name, localSymbol(key, name));
  }
  for (const { type } of node.parameters) {
    if (type.$type === 'ShapeType')
      for (const name of genericNames(scope, type)) generics.add(name);
  }
  for (const name of generics) scope.localDims.set(name, localSymbol(key, name));
  const parameters: BlockParameter[] = [];
  const seen = new Set<string>();
  for (const parameter of node.parameters) {
    if (seen.has(parameter.name)) {
      const message = t`${parameter.name} is already a parameter of ${node.name}.`;
      file.diagnostics.report('duplicate', sourceOf(file, parameter, 'name'), message);
      continue;
    }
    seen.add(parameter.name);
    parameters.push(checkParameter(scope, parameter));
  }
  const result = node.result && shapeIn(scope, node.result);
  const block = checkedBlock(file, node, 'block', parameters, [...generics], result);
  return { block, scope, node };
}

export function checkModelHeader(file: FileScope, node: Model): BlockUnderCheck {
  const scope = emptyScope(file, blockKey(file.uri, node.name));
  return { block: checkedBlock(file, node, 'model', [], [], undefined), scope, node };
}

/** The block with its body, and the type that it returns. */
export function checkBody(under: BlockUnderCheck): {
  readonly block: CheckedBlock;
  readonly returned: TensorType | undefined;
} {
  const { scope, block, node } = under;
  const body: Statement[] = [];
  const result: StatementResult = { returned: undefined, ended: false };
  checkStatements(scope, node.statements, {
    block,
    body,
    result,
    inside: block.kind,
    checkStatements,
  });
  if (block.kind === 'block' && !result.ended && node.name !== '') {
    scope.file.diagnostics.report(
      'misplaced',
      block.source,
      t`${block.name} returns nothing: end it with return.`,
    );
  }
  return { block: { ...block, body }, returned: result.returned };
}

export function emptyScope(file: FileScope, owner: string): BodyScope {
  return {
    file,
    values: new Map(),
    localDims: new Map(),
    labels: new Map(),
    paths: undefined,
    owner,
  };
}

function checkedBlock(
  file: FileScope,
  node: Block | Model,
  kind: CheckedBlock['kind'],
  parameters: readonly BlockParameter[],
  generics: readonly string[],
  result: TensorType | undefined,
): CheckedBlock {
  const { start, end } = rangeOf(node);
  const text = file.text.slice(start, end);
  const brace = text.indexOf('{');
  return {
    kind,
    key: blockKey(file.uri, node.name),
    name: node.name,
    uri: file.uri,
    doc: documentationOf(node),
    source: sourceOf(file, node, 'name'),
    extent: { uri: file.uri, start, end },
    parameters,
    generics,
    result,
    resultSource: node.$type === 'Block' && node.result ? sourceOf(file, node.result) : undefined,
    signature: (brace < 0 ? text : text.slice(0, brace)).trim(),
    body: [],
  };
}

function checkParameter(scope: BodyScope, node: Parameter): BlockParameter {
  const { file } = scope;
  const { name, type } = node;
  const source = sourceOf(file, node, 'name');
  const bare: BlockParameter = {
    name,
    kind: type.$type === 'ShapeType' ? 'tensor' : type.kind,
    optional: type.optional,
    type: type.$type === 'ShapeType' ? shapeIn(scope, type) : undefined,
    initial: undefined,
    variadic: false,
    source,
  };
  const { initial } = node;
  const parameter =
    initial === undefined
      ? bare
      : { ...bare, initial: checkDefault(scope, bare, initial, checkExpression) };
  const { start, end } = rangeOf(node);
  const entry = {
    type: parameterType(scope, parameter),
    optional: parameter.optional,
    kind: 'argument',
    definition: source,
    declaration: file.text.slice(start, end),
    operator: undefined,
  } as const;
  // A dim parameter is found among the dims; an optional one can be none, so it is a value as well.
  if (parameter.kind !== 'dim' || parameter.optional) scope.values.set(name, entry);
  noteValue(file, name, entry, source);
  return parameter;
}

function parameterType(scope: BodyScope, parameter: BlockParameter) {
  switch (parameter.kind) {
    case 'tensor':
      return parameter.type === undefined
        ? ({ kind: 'broken' } as const)
        : ({ kind: 'tensor', type: parameter.type } as const);
    case 'dim':
      return { kind: 'dim', dim: symbolDim(localSymbol(scope.owner, parameter.name)) } as const;
    case 'fn':
      return { kind: 'function' } as const;
    case 'number':
    case 'string':
    case 'bool':
      return { kind: parameter.kind } as const;
  }
}

function isDimKind(type: Parameter['type']): type is KindType {
  return type.$type === 'KindType' && type.kind === 'dim';
}

/** Names in the axes that neither the file's dims nor a dim parameter declares. */
function genericNames(scope: BodyScope, type: ShapeType): string[] {
  const names: string[] = [];
  const lookUp = ({ name }: { readonly name: string }): Dim => {
    if (name !== '' && !scope.localDims.has(name) && !scope.file.dims.has(name)) names.push(name);
    return symbolDim(name);
  };
  for (const axis of type.axes) {
    if (axis.$type !== 'Ellipsis') dimArithmetic(axis as ExpressionNode, lookUp);
  }
  return names;
}
