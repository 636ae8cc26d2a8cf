/** The files that a program names: what it imports, and what its runs, mappings and first values read. */
import type { CheckedRun, Expression, InitialValue, Statement } from '../shapes/index.ts';
import { rangeOf } from '../syntax/index.ts';
import type { SourceRange } from '../trace/index.ts';
import type { Analysis } from './analysis.ts';

export interface NamedFile {
  /** As written. */
  readonly file: string;
  readonly source: SourceRange;
}

/** The programs that a file imports. */
export function importedFiles({ syntax, uri }: Pick<Analysis, 'syntax' | 'uri'>): NamedFile[] {
  return syntax.program.declarations.flatMap((node) =>
    node.$type === 'Import' && node.file !== ''
      ? [{ file: node.file, source: { uri, ...rangeOf(node, 'file') } }]
      : [],
  );
}

/** Weights, tokenizers and arrays, in the file's own blocks and runs. */
export function dataFiles({ program, uri }: Analysis): readonly NamedFile[] {
  const bodies = [...program.blocks.values(), ...program.models.values()]
    .filter((block) => block.uri === uri)
    .flatMap(({ body }) => filesOfBody(body));
  const mappings = [...program.weights.values()].flatMap(({ file, fileSource }) =>
    file === '' ? [] : [{ file, source: fileSource }],
  );
  return [...bodies, ...program.runs.flatMap(filesOfRun), ...mappings];
}

function filesOfRun(run: CheckedRun): readonly NamedFile[] {
  const { settings, weights, patches, expectations, tokenizer } = run;
  const values = [
    ...settings.map(({ value }) => value),
    ...patches.map(({ value }) => value),
    ...expectations.flatMap((each) => (each.kind === 'value' ? [each.right] : [])),
  ];
  const given = weights?.kind === 'file' ? [{ file: weights.file, source: weights.source }] : [];
  return [
    ...values.flatMap(filesOfValue),
    ...given,
    ...(tokenizer === undefined ? [] : [tokenizer]),
  ];
}

/** In a setting a text that ends like a file of values is one. */
function filesOfValue(value: Expression): readonly NamedFile[] {
  if (value.kind === 'source') return filesOfInitial(value.initial);
  const text = value.kind === 'static' && typeof value.value === 'string' ? value.value : '';
  return /\.(npy|npz|safetensors)$/.test(text) ? [{ file: text, source: value.source }] : [];
}

function filesOfBody(body: readonly Statement[]): readonly NamedFile[] {
  return body.flatMap((statement) => {
    switch (statement.kind) {
      case 'param':
      case 'input':
        return statement.initial === undefined ? [] : filesOfInitial(statement.initial);
      case 'assign':
        return filesOfValue(statement.value);
      case 'repeat':
        return filesOfBody(statement.body);
      case 'if':
        return filesOfBody([...statement.consequent, ...statement.otherwise]);
      default:
        return [];
    }
  });
}

function filesOfInitial(initial: InitialValue): readonly NamedFile[] {
  return initial.kind === 'file' ? [{ file: initial.file, source: initial.place }] : [];
}
