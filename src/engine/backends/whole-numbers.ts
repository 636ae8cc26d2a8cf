/**
 * Keeps whole numbers whole in the WGSL that gpu.js writes.
 *
 * gpu.js 2.24 divides indices in float32 and declares variables that hold them as f32. That counts exactly only up to
 * 2^24 (a GPT-2 embedding has more values), and a GPU may round a quotient such as 49/49 below 1, as WGSL allows, so
 * that `Math.floor(index / width)` names the wrong row. Here both become int32 where both sides are whole by their
 * types: what gpu.js calls Integer (the thread, whole arguments) and what is made of those, and the values of tables.
 */

import type {
  SyntaxNode,
  Translator,
  VariableInfo,
} from 'gpu.js/src/backend/web-gpu/function-node.js';
import { WGSLFunctionNode } from 'gpu.js/src/backend/web-gpu/function-node.js';

/** Arguments of this gpu.js type hold whole numbers. */
export const tableType = 'Input';

/** Changes gpu.js's WGSL translator, once per process; done twice it is done once. */
export function keepWholeNumbers(): void {
  const translator: Translator = WGSLFunctionNode.prototype;
  if (changed.has(translator)) return;
  changed.add(translator);
  const { getType, traceFunctionAST, astVariableDeclaration } = translator;
  const { astBinaryExpression, astCallExpression, astMemberExpression } = translator;

  translator.getType = function (node) {
    return isWholeOperation(this, node) || isTableValue(this, node)
      ? 'Integer'
      : getType.call(this, node);
  };
  translator.traceFunctionAST = function (root) {
    traceFunctionAST.call(this, root);
    markWholeVariables(this, root);
  };
  translator.astVariableDeclaration = function (node, output) {
    for (const declarator of node.declarations ?? []) {
      const info = declarator.id && this.getDeclaration(declarator.id);
      const name = declarator.id?.name;
      if (!info || !declarator.init || name === undefined || !wholeVariables.has(info)) {
        astVariableDeclaration.call(this, { ...node, declarations: [declarator] }, output);
        continue;
      }
      info.valueType = 'Integer';
      output.push(`var user_${name.replace(/\$/g, 'dollar')} : i32 = `);
      writeWhole(this, declarator.init, output);
      output.push(';');
    }
    return output;
  };
  translator.astBinaryExpression = function (node, output) {
    if (!isWholeOperation(this, node)) return astBinaryExpression.call(this, node, output);
    return writeOperation(this, node, '%', output);
  };
  translator.astCallExpression = function (node, output) {
    const quotient = flooredQuotient(node);
    if (quotient === undefined || !isWholeOperation(this, node)) {
      return astCallExpression.call(this, node, output);
    }
    return writeOperation(this, quotient, '/', output);
  };
  translator.astMemberExpression = function (node, output) {
    if (!isTableValue(this, node)) return astMemberExpression.call(this, node, output);
    output.push('i32(');
    astMemberExpression.call(this, node, output);
    output.push(')');
    return output;
  };
}

const changed = new WeakSet<Translator>();
const wholeVariables = new WeakSet<VariableInfo>();

/** `a % b` or `Math.floor(a / b)` of whole numbers. */
function isWholeOperation(translator: Translator, node: SyntaxNode): boolean {
  const operation =
    node.type === 'BinaryExpression' && node.operator === '%' ? node : flooredQuotient(node);
  if (!operation?.left || !operation.right) return false;
  const types = [translator.getType(operation.left), translator.getType(operation.right)];
  return types.includes('Integer') && types.every(isWholeType);
}

function flooredQuotient(node: SyntaxNode): SyntaxNode | undefined {
  const { callee } = node;
  const [argument] = node.arguments ?? [];
  const isFloor = callee?.object?.name === 'Math' && callee.property?.name === 'floor';
  return isFloor && argument?.type === 'BinaryExpression' && argument.operator === '/'
    ? argument
    : undefined;
}

function isTableValue(translator: Translator, node: SyntaxNode): boolean {
  if (node.type !== 'MemberExpression' || !node.computed) return false;
  const argument = translator.argumentNames.indexOf(node.object?.name ?? '');
  return argument !== -1 && translator.argumentTypes[argument] === tableType;
}

/** gpu.js writes a choice whose first side is a literal in float32. */
function isWhole(translator: Translator, node: SyntaxNode): boolean {
  if (node.type === 'ConditionalExpression' && node.consequent && node.alternate) {
    return translator.getType(node.consequent) === 'Integer' && isWhole(translator, node.alternate);
  }
  return isWholeType(translator.getType(node));
}

function isWholeType(type: string | null): boolean {
  return type === 'Integer' || type === 'LiteralInteger';
}

/** i32 `/` cuts towards zero: below zero the dividend is moved so that it rounds down as Math.floor does (b > 0). */
function writeOperation(
  translator: Translator,
  node: SyntaxNode,
  operator: '/' | '%',
  output: string[],
): string[] {
  const [a, b] = [node.left, node.right].map((side) =>
    side ? writeWhole(translator, side, []).join('') : '',
  );
  output.push(
    operator === '%' ? `(${a} % ${b})` : `(select(${a}, ${a} - (${b} - 1), ${a} < 0) / ${b})`,
  );
  return output;
}

function writeWhole(translator: Translator, node: SyntaxNode, output: string[]): string[] {
  if (translator.getType(node) === 'LiteralInteger') {
    return translator.castLiteralToInteger(node, output);
  }
  translator.pushState('building-integer');
  translator.astGeneric(node, output);
  translator.popState('building-integer');
  return output;
}

/**
 * Finds the variables that only ever hold whole numbers: first all numbers are taken for whole, then those that are
 * given anything else are dropped, until none is left to drop.
 */
function markWholeVariables(translator: Translator, root: SyntaxNode): void {
  const nodes = [...descendants(root)];
  const whole = new Map<VariableInfo, WholeCandidate>();
  for (const candidate of candidates(translator, nodes)) {
    whole.set(candidate.info, candidate);
    candidate.info.valueType = 'Integer';
  }
  for (let dropped = true; dropped; ) {
    dropped = false;
    for (const { info, given, typeBefore } of whole.values()) {
      if (given.every((value) => isWhole(translator, value))) continue;
      info.valueType = typeBefore;
      whole.delete(info);
      dropped = true;
    }
  }
  for (const info of whole.keys()) wholeVariables.add(info);
}

interface WholeCandidate {
  readonly info: VariableInfo;
  readonly typeBefore: string | null;
  /** All that is ever assigned to it. */
  readonly given: readonly SyntaxNode[];
}

/** A variable that is given literals alone is left as it is: it may as well be a fraction that happens to be whole. */
function candidates(
  translator: Translator,
  nodes: readonly SyntaxNode[],
): readonly WholeCandidate[] {
  const declarators = nodes.filter(({ type }) => type === 'VariableDeclarator');
  return declarators.flatMap(({ id, init }) => {
    const name = id?.name ?? '';
    const info = id && translator.getDeclaration(id);
    const declaredOnce = declarators.filter((other) => other.id?.name === name).length === 1;
    if (!info || !init || !declaredOnce || !numberTypes.has(info.valueType)) return [];
    const assignments = nodes.filter(
      (node) => node.type === 'AssignmentExpression' && node.left?.name === name,
    );
    if (!assignments.every(({ operator = '' }) => wholeAssignments.has(operator))) return [];
    const given = [init, ...assignments.flatMap(({ right }) => right ?? [])];
    if (given.every(({ type }) => type === 'Literal')) return [];
    return [{ info, typeBefore: info.valueType, given }];
  });
}

const numberTypes: ReadonlySet<string | null> = new Set(['Number', 'Float', 'Integer']);

/** An assignment `x = y` gives y; `x += y`, `-=` and `*=` stay whole where y is; any other, such as `/=`, does not. */
const wholeAssignments: ReadonlySet<string> = new Set(['=', '+=', '-=', '*=']);

function* descendants(node: SyntaxNode): Generator<SyntaxNode> {
  yield node;
  for (const child of Object.values(node).flat()) {
    if (isSyntaxNode(child)) yield* descendants(child);
  }
}

function isSyntaxNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value;
}
