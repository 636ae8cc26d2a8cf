/** What `tblock run` is asked for. */
import { type Analysis, type RunOverrides, targetNamed } from '../analysis/index.ts';
import type { BackendWish } from '../engine/index.ts';
import { WrongUse } from './command-io.ts';
import { hintFor } from './hint.ts';
import { choiceOf, type OptionSpec, type Options, readOptions, wholeNumber } from './options.ts';

export interface RunOptions {
  readonly file: string;
  readonly subject: RunSubject;
  readonly backend: BackendWish;
  readonly seed: number | undefined;
  readonly overrides: RunOverrides;
  readonly print: readonly string[];
  readonly format: 'text' | 'json';
  readonly save: SaveOptions | undefined;
}

export type RunSubject =
  | { readonly kind: 'first' }
  | { readonly kind: 'all' }
  | { readonly kind: 'run' | 'model'; readonly name: string };

export interface SaveOptions {
  readonly file: string;
  /** Globs; every input and intermediate where there is none. */
  readonly keep: readonly string[];
}

const specs = {
  run: { kind: 'value' },
  model: { kind: 'value' },
  all: { kind: 'switch' },
  dims: { kind: 'list' },
  seed: { kind: 'value' },
  generate: { kind: 'value' },
  backend: { kind: 'value' },
  weights: { kind: 'value' },
  print: { kind: 'list' },
  json: { kind: 'switch' },
  save: { kind: 'value' },
  keep: { kind: 'list' },
} satisfies Record<string, OptionSpec>;

/** Throws WrongUse. */
export function readRunOptions(args: readonly string[]): RunOptions {
  const given = readOptions('run', args, specs);
  const [file, ...more] = given.files;
  if (file === undefined) throw new WrongUse('Name a file: tblock run model.tblock.');
  if (more.length > 0) throw new WrongUse(`It takes one file, and got ${given.files.join(', ')}.`);
  const seed = given.value('seed');
  const generate = given.value('generate');
  const save = given.value('save');
  const keep = given.list('keep');
  if (save === undefined && keep.length > 0) {
    throw new WrongUse('--keep says what --save FILE writes, and there is no --save.');
  }
  return {
    file,
    subject: subjectOf(given),
    backend: choiceOf('backend', given.value('backend'), ['auto', 'gpu', 'cpu', 'reference']),
    seed: seed === undefined ? undefined : wholeNumber('--seed', seed, 0, 2 ** 32 - 1),
    overrides: {
      dims: dimsOf(given.list('dims')),
      weights: given.value('weights'),
      generate: generate === undefined ? undefined : wholeNumber('--generate', generate, 1, 1e6),
    },
    print: given.list('print'),
    format: given.has('json') ? 'json' : 'text',
    save: save === undefined ? undefined : { file: save, keep },
  };
}

function subjectOf(given: Options): RunSubject {
  const [run, model] = [given.value('run'), given.value('model')];
  if (run !== undefined && model !== undefined) {
    throw new WrongUse(
      '--run names a run, which names its model: give --run or --model, not both.',
    );
  }
  if (given.has('all')) return everyRun(given);
  if (run !== undefined) return { kind: 'run', name: run };
  return model === undefined ? { kind: 'first' } : { kind: 'model', name: model };
}

function everyRun(given: Options): RunSubject {
  const single = ['run', 'model', 'print', 'save', 'generate'].find(
    (name) => given.value(name) !== undefined || given.list(name).length > 0,
  );
  if (single === undefined) return { kind: 'all' };
  throw new WrongUse(`--all goes through every run of the file, and --${single} is about one.`);
}

/** `N=12,d=64`. */
function dimsOf(lists: readonly string[]): ReadonlyMap<string, number> {
  const dims = new Map<string, number>();
  for (const entry of lists.flatMap((list) => list.split(','))) {
    const equals = entry.indexOf('=');
    const name = entry.slice(0, equals).trim();
    if (equals < 1 || name === '') {
      throw new WrongUse(`--dims takes names and lengths, N=12,d=64, not ${entry || 'nothing'}.`);
    }
    const text = entry.slice(equals + 1).trim();
    dims.set(name, wholeNumber(`The dim ${name}`, text, 1, Number.MAX_SAFE_INTEGER));
  }
  return dims;
}

/** Throws WrongUse where the file has no such run, model or dim; so before anything runs. */
export function checkAgainst(
  { targets, program }: Pick<Analysis, 'targets' | 'program'>,
  { file, subject, overrides }: RunOptions,
): void {
  if (subject.kind === 'run' || subject.kind === 'model') {
    const isRun = (kind: string) => kind === 'run';
    const wanted = targets.filter(({ kind }) => isRun(kind) === (subject.kind === 'run'));
    const names = wanted.map(({ name }) => name);
    const known =
      names.includes(subject.name) ||
      (subject.kind === 'model' && targetNamed(program, subject.name) !== undefined);
    if (!known) throw new WrongUse(unknown(file, subject, names));
  }
  for (const name of overrides.dims.keys()) {
    const declared = program.dims.get(name);
    if (declared === undefined) {
      throw new WrongUse(`${file} declares no dim ${name}.${hintFor(name, program.dims.keys())}`);
    }
    if (declared.definition !== undefined) {
      throw new WrongUse(`The dim ${name} is derived from other dims: give those instead.`);
    }
  }
}

function unknown(
  file: string,
  { kind, name }: RunSubject & { name: string },
  names: string[],
): string {
  const what = kind === 'run' ? 'run' : 'model or block';
  const has = names.length === 0 ? ` It has no ${what}.` : ` It has ${names.join(', ')}.`;
  return `${file} has no ${what} ${name}.${hintFor(name, names) || has}`;
}
