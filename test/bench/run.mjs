/** `node test/bench/run.mjs NAME …`: bundles NAME.ts, because Node 20 does not run TypeScript, and runs it. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const [, , name] = process.argv;
if (name === undefined) throw new Error('Name a benchmark: backends, gpu or editor.');
const bundle = at(`../../.cache/bench/${name}.mjs`);
await build({
  entryPoints: [at(`${name}.ts`)],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  // `gl` is an optional part of gpu.js that is not used; `webgpu` is a native module, loaded when it is needed.
  external: ['gl', 'webgpu'],
  loader: { '.tblock': 'text' },
  // Paths beside the sources stay true in the bundle.
  define: { 'import.meta.url': JSON.stringify(new URL('../engine/gpu.ts', import.meta.url).href) },
  // Packages that call `require` go into the bundle too.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
await import(bundle);
