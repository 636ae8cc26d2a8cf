import type { CstNode, ValueConverter, ValueType } from 'langium';

/** Terminals to values: numbers with `_` and `inf`, strings with escapes. */
export class TblockValueConverter implements ValueConverter {
  convert(input: string, cstNode: CstNode): ValueType {
    const type = 'tokenType' in cstNode ? (cstNode.tokenType as { name: string }).name : '';
    switch (type) {
      case 'INT':
      case 'FLOAT':
        return input === 'inf' ? Number.POSITIVE_INFINITY : Number(input.replaceAll('_', ''));
      case 'STRING':
        return unquote(input);
      default:
        return input;
    }
  }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0' };

/** The text between the quotes; an escape that means nothing stands for its character. */
function unquote(literal: string): string {
  const closed = literal.length > 1 && literal.endsWith('"');
  const body = literal.slice(1, closed ? -1 : undefined);
  return body.replace(
    /\\(?:u([0-9a-fA-F]{4})|(.))/gsu,
    (_whole, code: string | undefined, char: string | undefined) =>
      code === undefined
        ? (escapes[char ?? ''] ?? char ?? '')
        : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
