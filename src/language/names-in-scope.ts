/** The names that an expression at a place can use. */
import { t } from '@vscode/l10n';
import { formatShape } from '../dims/index.ts';
import type { CheckedUnit, NameFact, TensorType } from '../shapes/index.ts';
import { rangeOf, type Statement, type TextRange } from '../syntax/index.ts';
import type { OpenProgram } from './program-store.ts';

export interface NameInScope {
  readonly name: string;
  readonly kind: 'value' | 'parameter' | 'argument' | 'dim';
  readonly type: TensorType | undefined;
  readonly detail: string;
  readonly doc: string | undefined;
  /** Later is larger: what was made last is most likely used next. */
  readonly recency: number;
}

/** The block or model around an offset. */
export function unitAt({ analysis }: OpenProgram, offset: number): CheckedUnit | undefined {
  return analysis.program.memory.units.find(
    ({ extent }) => extent.start <= offset && offset <= extent.end,
  );
}

/** Values that exist before a statement, the latest first; then the dims. */
export function namesInScope(
  program: OpenProgram,
  unit: CheckedUnit | undefined,
  before: number,
): readonly NameInScope[] {
  const values = unit === undefined ? [] : valuesBefore(unit, before);
  const locals = unit === undefined ? [] : localDims(unit);
  const { dims } = program.analysis.program;
  const declared = [...dims.values()].map(({ name, doc, value, definition }): NameInScope => {
    const detail = definition === undefined ? `${value ?? 'free'}` : 'derived';
    return { name, kind: 'dim', type: undefined, detail: `dim = ${detail}`, doc, recency: 0 };
  });
  const known = new Set([...values, ...locals].map(({ name }) => name));
  return [...values, ...locals, ...declared.filter(({ name }) => !known.has(name))];
}

function valuesBefore(unit: CheckedUnit, before: number): readonly NameInScope[] {
  const latest = new Map<string, NameFact>();
  const gone = endedRepeats(unit.node.statements, before);
  for (const fact of unit.facts) {
    const { kind, source, name, definition } = fact;
    if (kind !== 'value' && kind !== 'parameter' && kind !== 'argument') continue;
    if (source.end > before || definition?.start !== source.start) continue;
    // What is first assigned in a repeat ends with it.
    const ended = gone.some(({ start, end }) => start <= source.start && source.end <= end);
    if (ended && !latest.has(name)) continue;
    latest.set(name, fact);
  }
  return [...latest.values()]
    .sort((a, b) => b.source.start - a.source.start)
    .flatMap(({ name, kind, type, declaration, doc, source }) =>
      kind === 'value' || kind === 'parameter' || kind === 'argument'
        ? [{ name, kind, type, doc, recency: source.start, detail: shapeText(type) ?? declaration }]
        : [],
    );
}

export function shapeText(type: TensorType | undefined): string | undefined {
  return type && `${type.dtype === 'int' ? 'int' : ''}${formatShape(type.shape)}`;
}

function endedRepeats(statements: readonly Statement[], before: number): readonly TextRange[] {
  return statements.flatMap((statement) => {
    if (statement.$type === 'If') {
      return endedRepeats([...statement.consequent, ...statement.otherwise], before);
    }
    if (statement.$type !== 'Repeat') return [];
    const range = rangeOf(statement);
    return range.end <= before ? [range] : endedRepeats(statement.statements, before);
  });
}

function localDims({ block }: CheckedUnit): readonly NameInScope[] {
  const parameters = block.parameters.filter(({ kind }) => kind === 'dim').map(({ name }) => name);
  return [...parameters, ...block.generics].map((name) => ({
    ...{ name, kind: 'dim', type: undefined, doc: undefined, recency: 1 },
    detail: t`dim, from each call`,
  }));
}
