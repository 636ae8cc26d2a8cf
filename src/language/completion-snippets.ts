// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the fields of snippets are written so.
/** Beginnings of declarations and statements. */
import { t } from '@vscode/l10n';
import type { CheckedProgram } from '../shapes/index.ts';
import type { Suggestion } from './completion-item.ts';
import type { Cursor } from './cursor.ts';
import type { NameInScope } from './names-in-scope.ts';

/** What may stand at the top of a file, what the file still lacks first. */
export function declarations(program: CheckedProgram): readonly Suggestion[] {
  const dims = [...program.dims.keys()];
  const [first = 'N', second = 'd'] = [
    dims.find((name) => /^[A-Z]/.test(name)),
    dims.find((name) => /^[a-z]/.test(name)),
  ];
  const own = [...program.blocks.values()].filter(({ uri }) => uri === program.uri);
  const subject = [...program.models.keys()].at(-1) ?? own.at(-1)?.name ?? 'Model';
  const has = { dims: dims.length > 0, model: program.models.size > 0, block: own.length > 0 };
  const entry = (label: string, detail: string, snippet: string, rank: number): Suggestion => ({
    ...{ label, detail, snippet, rank },
    kind: 'Snippet',
  });
  return [
    entry(
      'dims',
      t`the lengths of axes`,
      `dims {\n  \${1:N} = \${2:8}\n  \${3:d} = \${4:64}\n}$0`,
      has.dims ? 7 : 0,
    ),
    entry(
      'block',
      t`a block with its own parameters`,
      `block \${1:Name}(x: [\${2:${first}}, \${3:${second}}]) -> [\${2:${first}}, \${3:${second}}] {\n  $0\n  return x\n}`,
      1,
    ),
    entry(
      'model',
      t`a block that can be run: its inputs, and its outputs by name`,
      `model \${1:Name} {\n  input x: [${first}, ${second}] = normal(seed: 1)\n  repeat \${2:2} as blocks {\n    x = \${3:${own.at(-1)?.name ?? 'Block'}}(x)\n  }\n  output y = x$0\n}`,
      has.block && !has.model ? 0 : 3,
    ),
    entry(
      'run',
      t`what to compute, patch and expect`,
      `run \${1:demo} for \${2:${subject}} {\n  seed = \${3:42}\n  $0\n}`,
      has.model ? 0 : 4,
    ),
    entry(
      'weights',
      t`where each parameter lives in a file`,
      'weights ${1:checkpoint} = "${2:model.safetensors}" {\n  ${3:path} <- "${4:name}"$0\n}',
      5,
    ),
    entry('import', t`blocks of another file`, 'import { $1 } from "./$2.tblock"$0', 6),
  ];
}

/** What may begin in a body: the stream that it writes to, what exists, statements. */
export function statements(
  cursor: Cursor,
  names: readonly NameInScope[],
  returns: boolean,
): readonly Suggestion[] {
  const values = names.filter(({ kind }) => kind === 'value' || kind === 'argument');
  const inModel = cursor.opener === 'model';
  const last = values[0]?.name ?? 'x';
  const keyword = (label: string, detail: string, snippet: string, rank: number): Suggestion => ({
    ...{ label, detail, snippet, rank },
    kind: 'Keyword',
  });
  const axes = names.filter(({ kind }) => kind === 'dim').map(({ name }) => name);
  const shape = `[\${2:${axes[0] ?? 'd'}}, \${3:${axes[1] ?? 'k'}}]`;
  return [
    ...values.map(
      ({ name, detail }): Suggestion => ({ label: name, kind: 'Variable', detail, rank: 1 }),
    ),
    keyword('param', t`a learned parameter`, `param \${1:W}: ${shape}$0`, 2),
    keyword(
      'repeat',
      t`copies of the body, each with its own parameters`,
      'repeat ${1:L} as ${2:blocks} {\n  $0\n}',
      3,
    ),
    keyword('if', t`decided when the program is built`, 'if ${1:causal} {\n  $0\n}', 4),
    ...(inModel
      ? [
          keyword('output', t`a result, by name`, `output \${1:y} = \${2:${last}}$0`, 2),
          keyword('input', t`what a run gives`, `input \${1:x}: ${shape}$0`, 2),
        ]
      : [keyword('return', t`the result of the block`, `return \${1:${last}}$0`, returns ? 5 : 2)]),
  ];
}

/** What a run may say, its own inputs first. */
export function runStatements(
  program: CheckedProgram,
  inputs: readonly { readonly name: string; readonly detail: string }[],
): readonly Suggestion[] {
  const setting = (
    label: string,
    detail: string,
    snippet: string,
    rank: number,
    more = false,
  ): Suggestion => ({
    ...{ label, detail, snippet, rank, more },
    kind: 'Property',
  });
  return [
    ...inputs.map(({ name, detail }) =>
      setting(name, t`input ${detail}`, `${name} = \${1:normal(seed: 1)}$0`, 0),
    ),
    setting('expect', t`a shape or a value that must be so`, 'expect ', 1, true),
    setting('patch', t`replaces an intermediate`, 'patch ', 2, true),
    setting('seed', t`of the random numbers`, 'seed = ${1:42}$0', 3),
    setting('dims', t`lengths for this run`, 'dims { $1 }$0', 4),
    setting(
      'weights',
      t`a file or a mapping`,
      program.weights.size > 0 ? 'weights = ' : 'weights = "$1"$0',
      5,
      true,
    ),
    setting('backend', t`auto, gpu or cpu`, 'backend = ', 6, true),
    setting('tokenizer', t`a tokenizer.json`, 'tokenizer = "${1:tokenizer.json}"$0', 7),
    setting('metric', t`a number that is kept of each run of a family`, 'metric ${1:name} = $0', 8),
  ];
}
