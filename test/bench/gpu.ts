/**
 * Runs on the GPU of this machine what TBlock does with one: every example of every operator beside the float64
 * reference, matrix products, and whole models whose input changes while the weights stay.
 * `npm run bench:gpu` writes docs/performance-gpu.md; with `-- --software` a software adapter is taken, little is run
 * and nothing is written. Exit status 1 where a difference is beyond the operator's tolerance or nothing ran on a GPU.
 */
import { writeFileSync } from 'node:fs';
import { findAdapter } from '../../src/engine/backends/adapter.ts';
import type { AdapterReport } from '../../src/trace/index.ts';
import { useSoftwareGpu } from '../engine/software-gpu.ts';
import { measureModels } from './gpu-models.ts';
import { measureOperators } from './gpu-operators.ts';
import { measureProducts } from './gpu-products.ts';
import { type Row, table } from './table.ts';

const software = process.argv.includes('--software');
const page = new URL('../../docs/performance-gpu.md', import.meta.url);

if (software) await useSoftwareGpu();
const answer = await findAdapter();
const refusal = refusalOf(answer);
if (answer.kind === 'none' || refusal !== undefined) {
  console.error(refusal);
  process.exitCode = 1;
} else {
  const operators = await measureOperators();
  const text = [
    intro(answer.adapter.description),
    '## The adapter',
    adapterTable(answer.adapter.report),
    '## Matrix products',
    'GFLOP/s of the tiled program, and how many times as fast it is as the closed kernel of the record. Medians by the GPU’s clock.',
    table(await measureProducts(software ? 64 : undefined)),
    '## Models',
    'Every intermediate is kept. *First* uploads the weights and compiles; *other tokens* has the weights on the GPU and computes everything anew; *again* changes nothing. Milliseconds of the whole run, medians.',
    table(await measureModels(software)),
    '## Operators',
    'Milliseconds of the first run, compiling and the GPU’s own time told apart, and the largest difference to the float64 reference, relative to max(1, |value|).',
    table(operators.rows),
  ].join('\n\n');
  console.log(text);
  if (!software) writeFileSync(page, `${text}\n`);
  for (const failure of operators.failures) console.error(failure);
  process.exitCode = operators.failures.length === 0 ? 0 : 1;
}

function refusalOf(found: typeof answer): string | undefined {
  if (found.kind === 'none') return found.reason;
  if (found.adapter.kind === 'software' && !software) {
    return `The only WebGPU adapter is software: ${found.adapter.description}. Nothing was measured.`;
  }
  return undefined;
}

function intro(description: string): string {
  return `# Performance on a GPU

Written by \`npm run bench:gpu\` on ${description}.`;
}

function adapterTable({ name, vendor, architecture, api, limits, timedBy }: AdapterReport): string {
  const about = { name, vendor, architecture, api, 'times by': timedBy, ...limits };
  return table(Object.entries(about).map(([what, value]): Row => ({ what, value: `${value}` })));
}
