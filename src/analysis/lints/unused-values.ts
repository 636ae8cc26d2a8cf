/** TB302 and TB303: parameters, arguments, inputs and values that nothing reads. */
import { t } from '@vscode/l10n';
import { symbolsOf } from '../../dims/index.ts';
import {
  type CheckedBlock,
  type Diagnostic,
  diagnostic,
  type Statement,
  type TensorType,
} from '../../shapes/index.ts';
import type { SourceRange } from '../../trace/index.ts';
import type { Analysis } from '../analysis.ts';
import { hasError, type Lint } from './lint.ts';
import { isMentionedInRuns, removal } from './text.ts';

export const unusedValues: Lint = {
  codes: ['unusedParameter', 'unusedValue'],
  check: ({ analysis }) => {
    const { program, uri } = analysis;
    const own = [...program.blocks.values(), ...program.models.values()];
    return own
      .filter((block) => block.uri === uri && !hasError(analysis, block))
      .flatMap((block) => unusedIn(analysis, block));
  },
};

/** A name in a body: what it is, where it stands, and from where on it can be read. */
interface Declared {
  readonly name: string;
  readonly kind: 'argument' | 'input' | 'param' | 'value';
  readonly source: SourceRange;
  readonly statement: SourceRange | undefined;
  /** Reads before this are of something else. */
  readonly from: number;
  readonly siblings: readonly string[];
}

function unusedIn(analysis: Analysis, block: CheckedBlock): readonly Diagnostic[] {
  const { start, end } = block.extent;
  const reads = analysis.program.facts.filter(
    ({ source, definition, kind }) =>
      source.uri === block.uri &&
      source.start >= start &&
      source.end <= end &&
      (source.start !== definition?.start || kind === 'dim'),
  );
  const isRead = (name: string, from: number) =>
    reads.some((fact) => fact.name === name && fact.source.start > from);
  return declaredIn(block)
    .filter(({ name }) => !name.startsWith('_'))
    .filter(({ name, from, siblings }) => ![name, ...siblings].some((each) => isRead(each, from)))
    .filter(({ name }) => !isMentionedInRuns(analysis, name))
    .map((declared) => report(analysis, declared));
}

function declaredIn(block: CheckedBlock): readonly Declared[] {
  const parameters = block.parameters
    // Calls of a function parameter are no reads of its name, and a tensor may be there to bind a length.
    .filter(({ kind, type }) => kind !== 'fn' && !bindsLength(type))
    .map(
      ({ name, source }): Declared => ({
        name,
        kind: 'argument',
        source,
        statement: undefined,
        from: source.start,
        siblings: [],
      }),
    );
  return [...parameters, ...declaredBy(block.body, undefined)];
}

function bindsLength(type: TensorType | undefined): boolean {
  return type?.shape.axes.flatMap(symbolsOf).some((symbol) => symbol.includes('/')) ?? false;
}

/** The repeat around; what its body carries is read by the next copy from its start on. */
type Loop = { readonly start: number; readonly carried: readonly string[] } | undefined;

function declaredBy(body: readonly Statement[], loop: Loop): readonly Declared[] {
  return body.flatMap((statement) => declaredByOne(statement, loop));
}

function declaredByOne(statement: Statement, loop: Loop): readonly Declared[] {
  const readFrom = (name: string, start: number) =>
    loop?.carried.includes(name) ? loop.start : start;
  switch (statement.kind) {
    case 'param':
    case 'input': {
      const { name, nameSource, kind, source } = statement;
      const from = nameSource.start;
      return [{ name, kind, source: nameSource, statement: source, from, siblings: [] }];
    }
    case 'assign': {
      const names = statement.targets.map(({ name }) => name);
      return statement.targets.map(({ name, source }) => ({
        name,
        kind: 'value' as const,
        source,
        statement: statement.source,
        from: readFrom(name, source.start),
        siblings: names.filter((other) => other !== name),
      }));
    }
    case 'write': {
      const { name, source } = statement.target;
      const from = readFrom(name, source.start);
      return [{ name, kind: 'value', source, statement: statement.source, from, siblings: [] }];
    }
    case 'repeat': {
      const carried = [...(loop?.carried ?? []), ...statement.carried.map(({ name }) => name)];
      return declaredBy(statement.body, { start: loop?.start ?? statement.source.start, carried });
    }
    case 'if':
      return declaredBy([...statement.consequent, ...statement.otherwise], loop);
    case 'return':
    case 'output':
      return [];
  }
}

function report(analysis: Analysis, { name, kind, source, statement }: Declared): Diagnostic {
  const code = kind === 'value' ? 'unusedValue' : 'unusedParameter';
  const message = {
    value: t`The value ${name} is never used.`,
    param: t`The parameter ${name} is never used.`,
    argument: t`The argument ${name} is never used.`,
    input: t`The input ${name} is never used.`,
  }[kind];
  const edits =
    statement === undefined ? [] : [{ source: removal(analysis.text, statement), text: '' }];
  return diagnostic(code, source, message, {
    fixes: edits.length === 0 ? [] : [{ title: t`Remove ${name}`, edits }],
  });
}
