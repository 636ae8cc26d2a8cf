/** Which words mean something where. Everywhere else they are names. */

/** What a pair of braces holds. */
export type Region = 'file' | 'dims' | 'body' | 'run' | 'mapping' | 'import';

/** Words that begin a declaration, and what their braces hold. */
const declarations: Readonly<Record<string, Region>> = {
  dims: 'dims',
  block: 'body',
  model: 'body',
  run: 'run',
  weights: 'mapping',
  import: 'import',
};

const bodyStatements: ReadonlySet<string> = new Set([
  'param',
  'input',
  'output',
  'repeat',
  'if',
  'return',
]);
const runStatements: ReadonlySet<string> = new Set(['patch', 'expect', 'metric']);
const kinds: ReadonlySet<string> = new Set(['dim', 'number', 'string', 'bool', 'fn']);
const constants: ReadonlySet<string> = new Set(['true', 'false', 'none', 'inf']);
const beforeName: ReadonlySet<string> = new Set([
  'block',
  'model',
  'run',
  'weights',
  'for',
  'param',
  'input',
  'output',
  'metric',
  'as',
]);
const endings: ReadonlySet<string> = new Set([
  'NAME',
  'INT',
  'FLOAT',
  'STRING',
  ')',
  ']',
  'true',
  'false',
  'none',
]);
const continuing: ReadonlySet<string> = new Set(
  '+ - * / % @ < <= > >= == != = += -> <- , ~ and or not'.split(' '),
);

export const isDeclarationWord = (word: string): boolean => Object.hasOwn(declarations, word);
export const isKindWord = (word: string): boolean => kinds.has(word);
export const isConstantWord = (word: string): boolean => constants.has(word);

/** Whether a word begins a statement in this region. */
export function isStatementWord(word: string, region: Region): boolean {
  if (region === 'run') {
    return runStatements.has(word);
  }
  return (region === 'body' || region === 'file') && bodyStatements.has(word);
}

/** What the braces after this keyword hold, for the keywords that have braces. */
export function regionAfter(keyword: string): Region | undefined {
  if (keyword === 'repeat' || keyword === 'if' || keyword === 'else') {
    return 'body';
  }
  return Object.hasOwn(declarations, keyword) ? declarations[keyword] : undefined;
}

/** Whether a keyword is followed by a name, whatever the word. */
export const expectsName = (keyword: string): boolean => beforeName.has(keyword);
/** Whether a token ends an operand, so that an infix word may follow. */
export const endsOperand = (token: string): boolean => endings.has(token);
/** Whether a line that ends with this token goes on. */
export const continuesLine = (token: string): boolean => continuing.has(token);
