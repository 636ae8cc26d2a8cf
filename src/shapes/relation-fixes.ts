/** Quick fixes in `dims`: the relation under which two lengths agree becomes a definition. */
import { t } from '@vscode/l10n';
import { type Dim, displayName } from '../dims/index.ts';
import type { CheckContext } from './check-context.ts';
import type { Fix } from './diagnostic.ts';
import { evaluateWith } from './dim-facts.ts';
import type { DimDeclaration } from './program.ts';
import { type Relation, relationsOf, writeDim } from './relations.ts';

/** What relating needs of a context. */
type Relating = Pick<CheckContext, 'facts' | 'declarationOf'>;

interface Declared extends Relation {
  readonly declaration: DimDeclaration;
}

/** Relations that one line of `dims` can say. */
export function usefulRelations(context: Relating, a: Dim, b: Dim): readonly Declared[] {
  return (
    relationsOf(context.facts, a, b)
      .flatMap((relation): readonly Declared[] => {
        const declaration = context.declarationOf?.(relation.symbol);
        // A dim that is derived already has its reason.
        if (declaration === undefined || declaration.definition !== undefined) return [];
        return isNameable(context, relation) ? [{ ...relation, declaration }] : [];
      })
      // What is declared later follows from what is declared before.
      .sort((left, right) => right.declaration.extent.start - left.declaration.extent.start)
  );
}

export function relationFixes(context: Relating, a: Dim, b: Dim): readonly Fix[] {
  return usefulRelations(context, a, b)
    .slice(0, 2)
    .map(({ symbol, definition, declaration }) => {
      const text = `${displayName(symbol)} = ${writeDim(definition)}`;
      return {
        title: isNumber(definition) ? t`Set ${text} in dims` : t`Derive ${text} in dims`,
        edits: [{ source: declaration.extent, text }],
      };
    });
}

/** Made of dims of the file, and a whole number now. */
function isNameable({ facts, declarationOf }: Relating, { definition }: Relation): boolean {
  const symbols = [...definition.numerator, ...definition.denominator].flatMap(({ factors }) =>
    factors.map(({ symbol }) => symbol),
  );
  if (!symbols.every((symbol) => declarationOf?.(symbol) !== undefined)) return false;
  const value = evaluateWith(facts, definition);
  return value.kind === 'free' || (value.kind === 'value' && value.value >= 1);
}

function isNumber({ numerator, denominator }: Dim): boolean {
  return [...numerator, ...denominator].every(({ factors }) => factors.length === 0);
}
