import { type Program, parseProgram, pathText, type Statement } from '../../src/syntax/index.ts';

/** Parses what must be right, and says what is wrong with it otherwise. */
export function parseRight(text: string): Program {
  const { program, syntaxErrors } = parseProgram(text);
  const complaints = syntaxErrors.map(
    ({ message, start, end }) => `${message} [${text.slice(start, end)}]`,
  );
  if (complaints.length > 0) {
    throw new Error(`${complaints.join('\n')}\nin:\n${text}`);
  }
  return program;
}

/** The messages of a text, each with what it points at. */
export function complaintsOf(text: string): string[] {
  return parseProgram(text).syntaxErrors.map(
    ({ message, start, end }) => `${text.slice(start, end)}: ${message}`,
  );
}

/** The statements in the body of a block. */
export function statementsOf(body: string): Statement[] {
  const [block] = parseRight(`block B(x: [4]) -> [4] {\n${body}\n}`).declarations;
  return block?.$type === 'Block' ? block.statements : [];
}

/** An expression as nested lists: `a + b * c` is `(+ a (* b c))`. */
export function expressionOf(text: string): string {
  const [statement] = statementsOf(`y = ${text}`);
  return statement?.$type === 'Assign' ? outline(statement.value) : 'no assignment';
}

interface Tree {
  readonly $type: string;
}

/** A tree in a line: the type, then its properties, without what Langium adds. Operators and names stand for themselves. */
export function outline(tree: unknown): string {
  if (Array.isArray(tree)) {
    return `[${tree.map(outline).join(' ')}]`;
  }
  if (!isTree(tree)) {
    return JSON.stringify(tree);
  }
  return short(tree) ?? `(${tree.$type}${properties(tree)})`;
}

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && '$type' in value;

function properties(tree: Tree): string {
  return Object.entries(tree)
    .filter(([key, value]) => !key.startsWith('$') && value !== undefined && value !== false)
    .filter(([, value]) => !Array.isArray(value) || value.length > 0)
    .map(([key, value]) => ` ${key}:${outline(value)}`)
    .join('');
}

/** What the nodes have that are written short. */
interface Fields extends Tree {
  readonly operator?: unknown;
  readonly left?: unknown;
  readonly right?: unknown;
  readonly operand?: unknown;
  readonly receiver?: unknown;
  readonly segment?: unknown;
  readonly name?: unknown;
  readonly index?: unknown;
  readonly version?: unknown;
  readonly items?: unknown;
  readonly value?: unknown;
  readonly elements?: unknown;
  readonly callee?: unknown;
  readonly arguments?: unknown;
  readonly label?: unknown;
}

function short(tree: Tree): string | undefined {
  const node = tree as Fields;
  switch (tree.$type) {
    case 'Binary':
      return `(${node.operator} ${outline(node.left)} ${outline(node.right)})`;
    case 'Unary':
      return `(${node.operator} ${outline(node.operand)})`;
    case 'Name':
      return pathText(tree as never);
    case 'Path':
      return `<${pathText(tree as never)}>`;
    case 'Member':
      return `(. ${outline(node.receiver)} ${outline(node.segment)})`;
    case 'NameSegment':
    case 'IndexSegment':
      return `${node.name ?? node.index}${node.version === undefined ? '' : `#${node.version}`}`;
    case 'EverySegment':
      return '*';
    case 'Index':
      return `(at ${outline(node.receiver)} ${(node.items as unknown[]).map(outline).join(' ')})`;
    case 'IntegerLiteral':
      return String(node.value);
    case 'FloatLiteral':
      return `${node.value}f`;
    case 'StringLiteral':
    case 'BooleanLiteral':
      return JSON.stringify(node.value);
    case 'NoneLiteral':
      return 'none';
    case 'Ellipsis':
      return '...';
    case 'Missing':
      return '?';
    case 'Call':
      return callOutline(node);
    case 'Argument':
      return (node.name === undefined ? '' : `${node.name}:`) + outline(node.value);
    case 'ListLiteral':
      return outline(node.elements);
    default:
      return undefined;
  }
}

function callOutline(node: Fields): string {
  const label = node.label === undefined ? '' : ` as ${node.label}`;
  return `${node.callee}(${(node.arguments as unknown[]).map(outline).join(', ')})${label}`;
}
