/** TB205, as far as it is known without reading: files that a run, a mapping or a first value names and nobody has. */
import { t } from '@vscode/l10n';
import {
  type CheckedRun,
  type Diagnostic,
  diagnostic,
  type Expression,
  type InitialValue,
  type Statement,
} from '../../shapes/index.ts';
import type { SourceRange } from '../../trace/index.ts';
import type { Lint } from './lint.ts';

export const missingFiles: Lint = {
  codes: ['fileUnreadable'],
  check: ({ analysis }) => {
    const { program, uri, hasFile } = analysis;
    const bodies = [...program.blocks.values(), ...program.models.values()]
      .filter((block) => block.uri === uri)
      .flatMap(({ body }) => filesOfBody(body));
    const runs = program.runs.flatMap(filesOfRun);
    const mappings = [...program.weights.values()].flatMap(({ file, fileSource }) =>
      file === '' ? [] : [{ file, source: fileSource }],
    );
    return [...bodies, ...runs, ...mappings]
      .filter(({ file }) => hasFile(file) === false)
      .map(({ file, source }): Diagnostic => {
        const message = t`There is no file ${file}. The path is relative to this file.`;
        return diagnostic('fileUnreadable', source, message);
      });
  },
};

interface NamedFile {
  readonly file: string;
  readonly source: SourceRange;
}

function filesOfRun(run: CheckedRun): readonly NamedFile[] {
  const { settings, weights, patches, expectations } = run;
  const values = [
    ...settings.map(({ value }) => value),
    ...patches.map(({ value }) => value),
    ...expectations.flatMap((each) => (each.kind === 'value' ? [each.right] : [])),
  ];
  const given = weights?.kind === 'file' ? [{ file: weights.file, source: weights.source }] : [];
  return [...values.flatMap(filesOfValue), ...given];
}

/** In a setting a text that ends like a file of values is one. */
function filesOfValue(value: Expression): readonly NamedFile[] {
  if (value.kind === 'source') return filesOfInitial(value.initial);
  const text = value.kind === 'static' && typeof value.value === 'string' ? value.value : '';
  return /\.(npy|safetensors)$/.test(text) ? [{ file: text, source: value.source }] : [];
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
