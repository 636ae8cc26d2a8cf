/** The variables of a family of runs: `run ablate[l: 0:L, h: 0:heads] for GPT`. */
import { t } from '@vscode/l10n';
import { literalDim, localSymbol } from '../dims/index.ts';
import type { FamilyAxis as FamilyAxisNode, Run } from '../syntax/index.ts';
import type { FamilyAxis } from './checked-run.ts';
import { type BodyScope, lengthIn, sourceOf } from './scope.ts';

/** `l: 0:L` counts from 0 to L - 1, and so does `l: L`. Bounds are dims and numbers. */
export function readFamily(scope: BodyScope, run: Run): readonly FamilyAxis[] {
  const axes: FamilyAxis[] = [];
  for (const node of run.family) {
    const axis = familyAxis(scope, run, node);
    if (axis === undefined) continue;
    if (axes.some(({ name }) => name === axis.name)) {
      const message = t`${axis.name} is a variable of this family already.`;
      scope.file.diagnostics.report('duplicate', sourceOf(scope.file, node, 'name'), message);
    } else {
      axes.push(axis);
    }
  }
  return axes;
}

function familyAxis(scope: BodyScope, run: Run, node: FamilyAxisNode): FamilyAxis | undefined {
  const { name, start, stop } = node;
  const first = stop === undefined ? literalDim(0) : lengthIn(scope, start);
  const end = lengthIn(scope, stop ?? start);
  if (name === '' || first === undefined || end === undefined) return undefined;
  const symbol = localSymbol(`${scope.owner}/${run.name}`, name);
  const source = sourceOf(scope.file, node);
  return { name, symbol, start: first, stop: end, source };
}

/** Where a family's variables are known: in its patches, metrics and expectations. */
export function familyScope(scope: BodyScope, axes: readonly FamilyAxis[]): BodyScope {
  const variables = axes.map(({ name, symbol }) => [name, symbol] as const);
  return { ...scope, localDims: new Map([...scope.localDims, ...variables]) };
}
