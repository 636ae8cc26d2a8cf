/**
 * Builds everything that runs from `dist/`: the extension, its two processes, the command line, the inspector and the
 * tests that run inside VS Code. --watch rebuilds on change, --production minifies what the browser loads and leaves
 * out tests and source maps, --gallery adds the page that shows the inspector without VS Code. --outdir FOLDER builds
 * elsewhere, and --contents FILE writes down what every bundle is made of.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { build, context } from 'esbuild';
import { buildKernels } from './src/kernels/build.mjs';

const { values: options } = parseArgs({
  options: {
    watch: { type: 'boolean' },
    production: { type: 'boolean' },
    gallery: { type: 'boolean' },
    outdir: { type: 'string', default: 'dist' },
    contents: { type: 'string' },
  },
});
const { production, outdir } = options;

/** Node's side is CommonJS, which VS Code loads; names stay readable in stack traces. */
const node = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  outExtension: { '.js': '.cjs' },
  outdir,
  metafile: true,
  loader: { '.tblock': 'text', '.wasm': 'binary' },
  // `webgpu` is native and optional, `gl` an unused part of gpu.js; VS Code provides `vscode`.
  external: ['vscode', 'webgpu', 'gl'],
  mainFields: ['module', 'main'],
  // Nothing is fetched from anywhere: a library that could is not able to.
  define: { 'import.meta.url': 'moduleUrl', fetch: 'undefined' },
  banner: { js: 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
  sourcemap: !production,
  logLevel: 'warning',
};

const browser = {
  bundle: true,
  metafile: true,
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
  { ...browser, entryPoints: ['webview/index.tsx'], outdir: `${outdir}/webview` },
  !production && {
    ...node,
    entryPoints: suites.map((name) => `test/vscode/suite/${name}`),
    outdir: `${outdir}/test/vscode`,
    external: [...node.external, 'mocha'],
  },
  !production && {
    ...node,
    entryPoints: {
      extension: 'test/vscode/mirror/extension.ts',
      package: 'test/vscode/mirror/manifest.json',
    },
    outdir: `${outdir}/test/mirror`,
    loader: { '.json': 'copy' },
  },
  options.gallery && {
    ...browser,
    entryPoints: ['webview/gallery/gallery.tsx', 'webview/gallery/index.html'],
    outdir: `${outdir}/gallery`,
    loader: { '.html': 'copy' },
  },
].filter(Boolean);

await buildKernels();
if (options.watch) {
  for (const each of builds) await (await context(each)).watch();
} else {
  const results = await Promise.all(builds.map((each) => build(each)));
  const bundles = Object.assign({}, ...results.map(({ metafile }) => metafile.outputs));
  if (options.contents) writeFileSync(options.contents, JSON.stringify(contentsOf(bundles)));
}

/** Per bundle the files of which something is in it, and the modules that it asks for when it runs. */
function contentsOf(bundles) {
  return Object.fromEntries(
    Object.entries(bundles).map(([bundle, { inputs, imports }]) => [
      relative(outdir, bundle),
      {
        files: Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0),
        modules: [...new Set(imports.map(({ path }) => path))].sort(),
      },
    ]),
  );
}
