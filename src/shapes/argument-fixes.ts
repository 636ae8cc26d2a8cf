/** Quick fixes for arguments that are missing: written with what is likeliest to be meant. */
import { t } from '@vscode/l10n';
import { formatDim, sameShape } from '../dims/index.ts';
import type { Call } from '../syntax/index.ts';
import type { Fix } from './diagnostic.ts';
import { nearestName } from './did-you-mean.ts';
import type { BlockParameter } from './program.ts';
import { type BodyScope, sourceOf } from './scope.ts';

/** One fix that writes all of them; none where a value cannot be guessed. */
export function argumentFixes(
  scope: BodyScope,
  call: Call,
  missing: readonly BlockParameter[],
): readonly Fix[] {
  const written = missing.map((parameter) => {
    const value = guess(scope, parameter);
    return value === undefined ? undefined : `${parameter.name}: ${value}`;
  });
  if (written.includes(undefined)) return [];
  const text = written.join(', ');
  const callee = sourceOf(scope.file, call, 'callee');
  const last = call.arguments.at(-1);
  const open = scope.file.text.indexOf('(', callee.end);
  const at = last === undefined ? open + 1 : sourceOf(scope.file, last).end;
  if (last === undefined && open < 0) return [];
  const source = { uri: scope.file.uri, start: at, end: at };
  const edits = [{ source, text: last === undefined ? text : `, ${text}` }];
  return [{ title: t`Add ${text}`, edits }];
}

function guess(scope: BodyScope, parameter: BlockParameter): string | undefined {
  switch (parameter.kind) {
    case 'dim':
      return guessDim(scope, parameter.name);
    case 'tensor':
      return guessTensor(scope, parameter);
    case 'number':
      return '1';
    case 'bool':
      return 'false';
    case 'string':
    case 'fn':
      return undefined;
  }
}

/** The dim of that name, of nearly that name, or the last one that is declared. */
function guessDim({ localDims, file }: BodyScope, name: string): string | undefined {
  const known = [...localDims.keys(), ...file.dims.keys()];
  if (known.includes(name)) return name;
  return nearestName(name, known) ?? known.at(-1) ?? '1';
}

/** The value of that name, or the latest one that has the shape. */
function guessTensor({ values }: BodyScope, { name, type }: BlockParameter): string | undefined {
  const tensors = [...values].flatMap(([own, entry]) =>
    entry.type.kind === 'tensor' ? [{ own, type: entry.type.type }] : [],
  );
  const named = tensors.find(({ own }) => own === name);
  const fitting = tensors.findLast(
    (tensor) =>
      type !== undefined &&
      tensor.type.dtype === type.dtype &&
      (sameShape(tensor.type.shape, type.shape) || fitsOpen(tensor.type.shape.axes.length, type)),
  );
  return (named ?? fitting)?.own;
}

/** A shape of generics takes any tensor of its rank. */
function fitsOpen(rank: number, { shape }: NonNullable<BlockParameter['type']>): boolean {
  const open = shape.axes.every((axis) => !/\d/.test(formatDim(axis)));
  return open && (shape.lead ? rank >= shape.axes.length : rank === shape.axes.length);
}
