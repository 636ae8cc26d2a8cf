import { t } from '@vscode/l10n';
import { AbstractParserErrorMessageProvider, type LexerResult } from 'langium';

type Token = LexerResult['tokens'][number];

interface Mismatch {
  readonly expected: Token['tokenType'];
  readonly actual: Token;
  readonly previous: Token;
  readonly ruleName: string;
}

interface NoAlternative {
  readonly actual: Token[];
  readonly previous: Token;
  readonly ruleName: string;
}

const declaration = t`a declaration (\`dims\`, \`block\`, \`model\`, \`run\`, \`weights\` or \`import\`)`;
const statement = t`a statement: \`name = …\`, \`name += …\`, \`param\`, \`repeat\`, \`if\` or \`return\``;
const runStatement = t`a line of a run: \`name = …\`, \`dims { … }\`, \`patch\`, \`expect\` or \`metric\``;
const type = t`a type (a shape such as \`[N, d]\`, or \`dim\`, \`number\`, \`string\`, \`bool\`, \`fn\`)`;

/** What each rule of the grammar stands for, where nothing of it is there. */
const ruleNames: Readonly<Record<string, string>> = {
  Program: declaration,
  Declaration: declaration,
  DimsBlock: t`a dim, such as \`d = 64\``,
  Block: statement,
  Model: statement,
  Repeat: statement,
  If: statement,
  LineStatement: statement,
  BraceStatement: statement,
  Body: statement,
  Run: runStatement,
  RunStatement: runStatement,
  Weights: t`a mapping, such as \`W <- "weight"\``,
  ParameterType: type,
  PathSegment: t`a name or an index`,
  PathHead: t`a path`,
  Expect: t`\`:\` and a shape, or \`~\`, \`<\`, \`<=\`, \`>\`, \`>=\`, \`==\` and a value`,
  KindType: type,
};

const tokenNames: Readonly<Record<string, string>> = {
  NAME: t`a name`,
  INT: t`an integer`,
  STRING: t`a string`,
  EOF: declaration,
};

/** Says what is missing in a sentence, rather than listing what the parser could go on with. */
export class TblockParserErrorMessages extends AbstractParserErrorMessageProvider {
  override buildMismatchTokenMessage({ expected, actual, previous, ruleName }: Mismatch): string {
    const rule = plainName(ruleName);
    if (expected.name === 'NL') {
      return unfinished(actual, previous);
    }
    if (expected.name === '}' || expected.name === 'EOF') {
      return sentence(
        rule === 'Import' ? t`\`,\` or \`}\`` : (ruleNames[rule] ?? t`a statement`),
        actual,
      );
    }
    if (expected.name === ')' || expected.name === ']') {
      const wanted = /^[,([]$/.test(previous.image)
        ? t`an expression`
        : t`\`,\` or \`${expected.name}\``;
      return sentence(wanted, actual, previous);
    }
    if (expected.name === '{' && rule === 'Run') {
      return sentence('`{`', actual, previous);
    }
    return sentence(tokenNames[expected.name] ?? `\`${expected.name}\``, actual, previous);
  }

  override buildNotAllInputParsedMessage({ firstRedundant }: { firstRedundant: Token }): string {
    return sentence(declaration, firstRedundant);
  }

  override buildNoViableAltMessage({ actual, previous, ruleName }: NoAlternative): string {
    const rule = plainName(ruleName);
    const first = actual[0];
    if (first === undefined) {
      return t`Expected more here.`;
    }
    if (rule === 'LineStatement' && first.tokenType.name === 'NAME') {
      return t`Expected \`=\`, \`+=\` or \`:\` after \`${first.image}\`: a statement gives a value a name.`;
    }
    const wanted = ruleNames[rule];
    if (wanted === undefined || rule === 'PathSegment' || rule === 'ParameterType') {
      return sentence(wanted ?? t`an expression`, first, previous);
    }
    return sentence(wanted, first);
  }

  override buildEarlyExitMessage({ actual, previous, ruleName }: NoAlternative): string {
    return this.buildNoViableAltMessage({ actual, previous, ruleName });
  }
}

/** A statement that should have ended. */
function unfinished(actual: Token, previous: Token): string {
  if (actual.image === '=') {
    return t`Expected a new line or an operator after \`${previous.image}\`, found \`=\`: comparison is \`==\`.`;
  }
  return sentence(t`a new line or an operator`, actual, previous);
}

/** Langium marks the names of rules with an invisible character. */
const plainName = (rule: string): string => rule.replace('\u200B', '');

function sentence(wanted: string, actual: Token, previous?: Token): string {
  const before = previous?.image.trim() ? previous.image : undefined;
  const found = actual.image.trim() === '' ? undefined : actual.image;
  if (before === undefined) {
    return found === undefined
      ? t`Expected ${wanted}.`
      : t`Expected ${wanted}, found \`${found}\`.`;
  }
  return found === undefined
    ? t`Expected ${wanted} after \`${before}\`.`
    : t`Expected ${wanted} after \`${before}\`, found \`${found}\`.`;
}
