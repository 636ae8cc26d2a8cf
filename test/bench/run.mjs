/** `node test/bench/run.mjs NAME …`: bundles NAME.ts, because Node 20 does not run TypeScript, and runs it. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildKernels } from '../../src/kernels/build.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
/** Scripts are run where they lie: they look for files beside themselves. */
const scripts = {
  name: 'scripts',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\..*\.mjs$/ }, ({ resolveDir, path }) => ({
      path: join(resolveDir, path),
      external: true,
    })),
};
const [, , name] = process.argv;
if (name === undefined) throw new Error('Name a benchmark: backends, gpu or kernels.');
const bundle = at(`../../.cache/bench/${name}.mjs`);
await buildKernels();
await build({
  entryPoints: [at(`${name}.ts`)],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  // `gl` is an optional part of gpu.js that is not used; `webgpu` is a native module, loaded when it is needed.
  external: ['gl', 'webgpu', 'playwright-core', 'esbuild'],
  plugins: [scripts],
  loader: { '.tblock': 'text', '.wasm': 'binary' },
  // Paths beside the sources stay true in the bundle.
  define: { 'import.meta.url': JSON.stringify(new URL('../engine/gpu.ts', import.meta.url).href) },
  // Packages that call `require` go into the bundle too.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
await import(bundle);
