/** The calls of blocks in checked statements. */
import type { CallExpression, Expression } from './expression.ts';
import type { CheckedBlock, Statement } from './program.ts';

/** Every call in a body, in the order of the text. */
export function callsOf(body: readonly Statement[]): readonly CallExpression[] {
  return body.flatMap(callsOfStatement);
}

function callsOfStatement(statement: Statement): readonly CallExpression[] {
  switch (statement.kind) {
    case 'assign':
    case 'write':
    case 'return':
    case 'output':
      return callsIn(statement.value);
    case 'repeat':
      return callsOf(statement.body);
    case 'if':
      return callsOf([...statement.consequent, ...statement.otherwise]);
    case 'param':
    case 'input':
      return [];
  }
}

function callsIn(expression: Expression): readonly CallExpression[] {
  switch (expression.kind) {
    case 'apply':
      return expression.operands.flatMap((operand) => callsIn(operand.value));
    case 'call':
      return [expression, ...[...expression.arguments.values()].flatMap(callsIn)];
    case 'function call':
      return callsIn(expression.argument);
    case 'output':
      return callsIn(expression.value);
    case 'same':
      return [...callsIn(expression.left), ...callsIn(expression.right)];
    case 'function':
      return expression.target.kind === 'block'
        ? [
            {
              kind: 'call',
              block: expression.target.key,
              arguments: new Map(),
              label: { kind: 'block', name: '', source: expression.source },
              source: expression.source,
            },
          ]
        : [];
    default:
      return [];
  }
}

/** The blocks that call themselves, directly or not, each with what it calls on the way. */
export function selfCallers(
  blocks: ReadonlyMap<string, CheckedBlock>,
  among: readonly { readonly block: CheckedBlock; readonly callees: readonly string[] }[],
): ReadonlyMap<string, string> {
  const known = new Map(among.map(({ block, callees }) => [block.key, callees]));
  const calleesOf = (key: string): readonly string[] => {
    const found = known.get(key) ?? callsOf(blocks.get(key)?.body ?? []).map(({ block }) => block);
    known.set(key, found);
    return found;
  };
  const reaches = (from: string, target: string): boolean => {
    const seen = new Set<string>();
    const visit = (key: string): boolean => {
      if (key === target) return true;
      if (seen.has(key)) return false;
      seen.add(key);
      return calleesOf(key).some(visit);
    };
    return visit(from);
  };
  return new Map(
    among.flatMap(({ block: { key }, callees }) => {
      const first = callees.find((callee) => reaches(callee, key));
      return first === undefined ? [] : [[key, first] as const];
    }),
  );
}
