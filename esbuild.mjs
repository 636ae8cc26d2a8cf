/**
 * Builds everything that runs from `dist/`: the extension, its two processes, the command line, the inspector and the
 * tests that run inside VS Code. --watch rebuilds on change, --production minifies what the browser loads and leaves
 * out tests and source maps, --gallery adds the page that shows the inspector without VS Code.
 */
import { readdirSync } from 'node:fs';
import { build, context } from 'esbuild';
import { buildKernels } from './src/kernels/build.mjs';

const has = (flag) => process.argv.includes(flag);
const production = has('--production');

/** Node's side is CommonJS, which VS Code loads; names stay readable in stack traces. */
const node = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  outExtension: { '.js': '.cjs' },
  outdir: 'dist',
  loader: { '.tblock': 'text', '.wasm': 'binary' },
  // `webgpu` is native and optional, `gl` an unused part of gpu.js; VS Code provides `vscode`.
  external: ['vscode', 'webgpu', 'gl'],
  mainFields: ['module', 'main'],
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
  sourcemap: !production,
  logLevel: 'warning',
};

const browser = {
  bundle: true,
  platform: 'browser',
  format: 'esm',
  target: 'chrome128',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  minify: production,
  sourcemap: production ? false : 'inline',
  logLevel: 'warning',
};

const suites = readdirSync('test/vscode/suite').filter((name) => name.endsWith('.ts'));

const builds = [
  {
    ...node,
    entryPoints: {
      extension: 'src/extension/extension.ts',
      'language-server': 'src/language/main.ts',
      engine: 'src/session/engine-process.ts',
    },
  },
  {
    ...node,
    entryPoints: { cli: 'src/cli/main.ts' },
    banner: { js: `#!/usr/bin/env node\n${node.banner.js}` },
  },
  { ...browser, entryPoints: ['webview/index.tsx'], outdir: 'dist/webview' },
  !production && {
    ...node,
    entryPoints: suites.map((name) => `test/vscode/suite/${name}`),
    outdir: 'dist/test/vscode',
    external: [...node.external, 'mocha'],
  },
  has('--gallery') && {
    ...browser,
    entryPoints: ['webview/gallery/gallery.tsx', 'webview/gallery/index.html'],
    outdir: 'dist/gallery',
    loader: { '.html': 'copy' },
  },
].filter((options) => options !== false);

await buildKernels();
if (has('--watch')) {
  for (const options of builds) await (await context(options)).watch();
} else {
  await Promise.all(builds.map((options) => build(options)));
}
