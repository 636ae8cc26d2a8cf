/**
 * `npm run bench`: every part below that compares, one after another; `npm run bench -- engine kernels`: these.
 * --node PATH adds a Node version; --patience SECONDS is how long a round waits until nobody else computes.
 * For development, --quick measures the small sizes with few runs, and --only NAME those whose names begin so; both write
 * nothing.
 *
 * A part is a file beside this one. One that exports `measure` returns a section of docs/performance.md, which replaces
 * the section of that title; any other prints what it finds.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { buildKernels } from '../../src/kernels/build.mjs';

/** Scripts are run where they lie, for the same reason. */
const scripts = {
  name: 'scripts',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\..*\.mjs$/ }, ({ resolveDir, path }) => ({
      path: join(resolveDir, path),
      external: true,
    })),
};

/** Those of `compared` run where none is named. */
const compared = ['engine', 'kernels', 'live', 'package'];
const others = ['backends', 'editor', 'gpu', 'inspector', 'kernel-speed'];

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const page = at('../../docs/performance.md');

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    node: { type: 'string', multiple: true, default: [] },
    patience: { type: 'string', default: '60' },
    only: { type: 'string', multiple: true, default: [] },
    // Of the parts themselves.
    all: { type: 'boolean' },
    software: { type: 'boolean' },
  },
});
const { quick, only } = options;
const names = positionals.length > 0 ? positionals : compared;
for (const name of names) {
  if (![...compared, ...others].includes(name))
    throw new Error(`There is no part ${name}: there are ${[...compared, ...others].join(', ')}.`);
}
await buildKernels();
await bundle('compare/tblock-side');
for (const name of names) {
  const { measure } = await import(await bundle(name));
  if (measure === undefined) continue;
  const section = await measure({
    quick,
    only,
    nodes: options.node,
    patience: Number(options.patience),
  });
  console.log(`\n## ${section.title}\n\n${section.text}`);
  if (!quick && only.length === 0) writeFileSync(page, withSection(section));
}

/** Node 20 does not run TypeScript. */
async function bundle(name) {
  const outfile = at(`../../.cache/bench/${name.split('/').at(-1)}.mjs`);
  await build({
    entryPoints: [at(`${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // `gl` is an optional part of gpu.js that is not used; `webgpu` is a native module, loaded when it is needed.
    // The browser's packages look for files beside themselves.
    external: ['gl', 'webgpu', 'playwright-core', 'esbuild'],
    plugins: [scripts],
    loader: { '.tblock': 'text', '.wasm': 'binary' },
    // Paths beside the sources stay true in the bundle.
    define: {
      'import.meta.url': JSON.stringify(new URL('../engine/gpu.ts', import.meta.url).href),
    },
    // Packages that call `require` go into the bundle too.
    banner: {
      js: "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return outfile;
}

/** The page with this section in place of the one before, or at its end. */
function withSection({ title, text }) {
  const introduction = `# Performance

Measured by \`npm run bench\`, which writes this page. Use the ratios: milliseconds are those of one machine.
No GPU was measured. Every result is compared with TBlock's before it is timed, and a round waits until the processor is idle.
`;
  const before = existsSync(page) ? readFileSync(page, 'utf8') : '';
  const sections = before.split(/^(?=## )/m).filter((part) => part.startsWith('## '));
  const fresh = `## ${title}\n\n${text.trimEnd()}\n`;
  const place = sections.findIndex((part) => part.startsWith(`## ${title}\n`));
  if (place < 0) sections.push(fresh);
  else sections[place] = fresh;
  return `${[introduction, ...sections.map((part) => `${part.trimEnd()}\n`)].join('\n')}`;
}
