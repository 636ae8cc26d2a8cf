// Writes every example of every operator as JSON for generate.py:
//   node test/reference/export-cases.mjs > cases.json
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const entry = `
  export { ops } from './src/ops/index.ts';
  export { tensorOf } from './test/ops/example-values.ts';
  export { parametersOf } from './test/ops/example-calls.ts';
`;

const folder = await mkdtemp(join(tmpdir(), 'tblock-cases-'));
const outfile = join(folder, 'cases.mjs');
await build({
  stdin: { contents: entry, resolveDir: process.cwd(), loader: 'ts' },
  bundle: true,
  format: 'esm',
  outfile,
  logLevel: 'error',
});
const { ops, tensorOf, parametersOf } = await import(pathToFileURL(outfile).href);
await rm(folder, { recursive: true });

const cases = ops.flatMap((op) =>
  op.examples.map((example, index) => {
    const parameters = parametersOf(op);
    const inputs = parameters
      .filter(({ kind }) => kind === 'tensor')
      .map(({ name, variadic }) => {
        const given = example.inputs[name];
        if (given === undefined) return [name, null];
        return [name, variadic ? given.map(asJson) : asJson(given)];
      });
    const attributes = parameters
      .filter(({ kind, variadic }) => kind !== 'tensor' && !variadic)
      .map(({ name, initial }) => [
        name,
        example.attributes?.[name] ?? initialValue(example, name, initial),
      ]);
    const rest = parameters.filter(({ kind, variadic }) => kind !== 'tensor' && variadic);
    return {
      key: `${op.name} ${index + 1}`,
      expression: op.torch,
      inputs: Object.fromEntries(inputs),
      attributes: Object.fromEntries(attributes),
      rest: Object.fromEntries(rest.map(({ name }) => [name, example.rest ?? []])),
      output: outputOf(op, example),
    };
  }),
);
process.stdout.write(`${JSON.stringify(cases)}\n`);

function asJson(given) {
  const { shape, data } = tensorOf(given);
  return { shape, data: [...data].map((value) => (Number.isFinite(value) ? value : `${value}`)) };
}

function initialValue(example, name, initial) {
  return example.attributes !== undefined && name in example.attributes ? null : initial;
}

function outputOf(op, example) {
  if (op.outputs === undefined) return null;
  if ('count' in op.outputs) return Number(example.output ?? 0);
  return Math.max(0, op.outputs.indexOf(example.output));
}
