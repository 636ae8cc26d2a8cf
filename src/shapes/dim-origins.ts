/** Where dims are declared, for hovers and related places. */
import { t } from '@vscode/l10n';
import { formatDim, symbolDim } from '../dims/index.ts';
import type { DimsBlock } from '../syntax/index.ts';
import type { CheckContext } from './check-context.ts';
import type { DeclaredDims } from './check-dims.ts';
import type { RelatedPlace } from './diagnostic.ts';
import { numberOf } from './dim-facts.ts';
import type { DimDeclaration } from './program.ts';
import { type FileScope, noteDim, sourceOf } from './scope.ts';

export function noteDeclaredDims(file: FileScope, blocks: readonly DimsBlock[]): void {
  for (const entry of blocks.flatMap((block) => block.entries)) {
    if (entry.name !== '')
      noteDim(file, entry.name, symbolDim(entry.name), sourceOf(file, entry, 'name'));
  }
}

export function dimOrigin(
  declared: DeclaredDims,
  facts: CheckContext['facts'],
  symbol: string,
): RelatedPlace | undefined {
  const declaration: DimDeclaration | undefined = declared.dims.get(symbol);
  if (declaration === undefined) return undefined;
  const { name, definition, source } = declaration;
  const value = numberOf(facts, symbolDim(symbol));
  const parts = [
    name,
    ...(definition === undefined ? [] : [formatDim(definition)]),
    ...(value === undefined ? [] : [`${value}`]),
  ];
  const message =
    parts.length === 1
      ? t`${name} is declared here, without a value`
      : t`${parts.join(' = ')} is declared here`;
  return { source, message };
}

/** The declaration of a dim where it stands in the file itself: an imported one is not this file's to change. */
export function ownDim(uri: string, { dims }: DeclaredDims, symbol: string) {
  const declaration = dims.get(symbol);
  return declaration?.source.uri === uri ? declaration : undefined;
}
