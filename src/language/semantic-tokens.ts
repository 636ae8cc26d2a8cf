/** Semantic tokens: dims, learned parameters, arguments, intermediates and writes to the residual stream apart. */
import { SemanticTokensBuilder } from 'vscode-languageserver/node.js';
import type { Feature } from './feature.ts';
import type { NameKind, Occurrence } from './occurrences.ts';
import type { OpenProgram } from './program-store.ts';
import { type FileSymbols, fileSymbolsOf, ownerName } from './symbols.ts';

const types = [
  'typeParameter',
  'property',
  'parameter',
  'variable',
  'class',
  'function',
  'label',
  'event',
  'namespace',
] as const;
const modifiers = ['declaration', 'modification', 'defaultLibrary', 'residual'] as const;

type TokenType = (typeof types)[number];
type TokenModifier = (typeof modifiers)[number];

export const semanticTokens: Feature = {
  name: 'semantic tokens',
  capabilities: {
    semanticTokensProvider: {
      legend: { tokenTypes: [...types], tokenModifiers: [...modifiers] },
      full: true,
      range: true,
    },
  },
  attach: ({ connection, programs, guarded }) => {
    const { semanticTokens: tokens } = connection.languages;
    tokens.on(
      guarded('semantic tokens', { data: [] }, ({ textDocument }) => {
        const program = programs.program(textDocument.uri);
        return program === undefined ? { data: [] } : tokensIn(program, () => true);
      }),
    );
    tokens.onRange(
      guarded('semantic tokens', { data: [] }, ({ textDocument, range }) => {
        const program = programs.program(textDocument.uri);
        if (program === undefined) return { data: [] };
        const start = program.lines.offsetAt(range.start);
        const end = program.lines.offsetAt(range.end);
        return tokensIn(
          program,
          (occurrence) => occurrence.end >= start && occurrence.start <= end,
        );
      }),
    );
  },
};

function tokensIn(
  program: OpenProgram,
  isAsked: (occurrence: Occurrence) => boolean,
): { data: number[] } {
  const file = fileSymbolsOf(program.analysis);
  const kinds = declaredKinds(file);
  const builder = new SemanticTokensBuilder();
  let last = -1;
  for (const occurrence of [...file.occurrences].sort((a, b) => a.start - b.start)) {
    if (!isAsked(occurrence) || occurrence.start <= last) continue;
    const type = typeOf(file, occurrence, kinds);
    if (type === undefined) continue;
    last = occurrence.start;
    const { line, character } = program.lines.positionAt(occurrence.start);
    const bits = modifiersOf(file, occurrence).reduce(
      (sum, each) => sum | (1 << modifiers.indexOf(each)),
      0,
    );
    builder.push(line, character, occurrence.end - occurrence.start, types.indexOf(type), bits);
  }
  return builder.build();
}

/** What a name was first declared as, by declaration. */
function declaredKinds({ occurrences }: FileSymbols): ReadonlyMap<string, NameKind> {
  const kinds = new Map<string, NameKind>();
  for (const { access, kind, owner, name } of occurrences) {
    if (access === 'declare' && kind !== 'label') kinds.set(`${ownerName(owner)}|${name}`, kind);
  }
  return kinds;
}

function typeOf(
  { program, meaning }: FileSymbols,
  occurrence: Occurrence,
  kinds: ReadonlyMap<string, NameKind>,
): TokenType | undefined {
  const { kind, name, owner } = occurrence;
  switch (kind) {
    case 'dim':
    case 'local dim':
      return 'typeParameter';
    case 'argument':
    case 'input':
    case 'key':
    case 'setting':
      return 'parameter';
    case 'parameter':
      return 'property';
    case 'value': {
      const declared = kinds.get(`${ownerName(owner)}|${name}`);
      if (declared === 'parameter') return 'property';
      return declared === 'argument' || declared === 'input' ? 'parameter' : 'variable';
    }
    case 'label':
      return 'label';
    case 'callee':
      return program.named.has(name) ? 'class' : 'function';
    case 'function':
      if (program.dims.has(name)) return 'typeParameter';
      return program.named.has(name) ? 'class' : 'function';
    case 'block':
    case 'model':
    case 'subject':
    case 'import':
    case 'alias':
      return 'class';
    case 'run':
      return 'event';
    case 'weights':
      return 'namespace';
    case 'path':
      return typeInPath(
        meaning(occurrence)?.path?.kind,
        program.runs.some((run) => run.name === name),
      );
  }
}

function typeInPath(kind: string | undefined, isRun: boolean): TokenType | undefined {
  switch (kind) {
    case 'parameter':
      return 'property';
    case 'call':
    case 'repeat':
      return 'label';
    case 'input':
      return 'parameter';
    case 'value':
      return 'variable';
    default:
      return isRun ? 'event' : undefined;
  }
}

function modifiersOf(
  { program }: FileSymbols,
  { access, kind, name }: Occurrence,
): readonly TokenModifier[] {
  const fromLibrary =
    kind === 'callee' && !(program.named.get(name) ?? 'tblock:').startsWith(program.uri);
  return [
    ...(access === 'declare' ? (['declaration'] as const) : []),
    ...(access === 'residual write' ? (['modification', 'residual'] as const) : []),
    ...(fromLibrary ? (['defaultLibrary'] as const) : []),
  ];
}
