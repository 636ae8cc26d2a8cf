/**
 * Writes the pages that are made from records: chapters, diagnostics, operators, settings and the diffs of CONTRIBUTING.md.
 * `--check` writes nothing and ends with 1 where a page is not what it would be.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildKernels } from '../src/kernels/build.mjs';
import { chaptersPage } from './chapters.mjs';
import { contributingPage } from './contributing.mjs';
import { messagesIn } from './messages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const pages = {
  'CONTRIBUTING.md': contributingPage,
  'docs/chapters.md': chaptersPage,
  'docs/diagnostics.md': diagnosticsPage,
  'docs/operators.md': operatorsPage,
  'docs/settings.md': settingsPage,
  'l10n/bundle.l10n.json': messagesFile,
};

/** Where a value may be set, by its scope. */
const scopes = {
  window: 'for the user or a workspace',
  'machine-overridable': 'on each machine, or for a workspace',
};

await buildKernels();
const records = await loadRecords();
const stale = [];
for (const [path, page] of Object.entries(pages)) {
  const text = `${(await page(records)).trimEnd()}\n`;
  const file = `${root}${path}`;
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (before === text) continue;
  stale.push(path);
  if (!process.argv.includes('--check')) writeFileSync(file, text);
}
if (process.argv.includes('--check') && stale.length > 0) {
  process.stderr.write(`Not fresh: ${stale.join(', ')}. Run npm run docs.\n`);
  process.exitCode = 1;
} else {
  for (const path of stale) process.stdout.write(`${path}\n`);
}

/** The records of the sources, bundled for this Node. */
async function loadRecords() {
  const outfile = `${root}.cache/docs/records.cjs`;
  await build({
    stdin: {
      contents: `
        export { standardLibrary } from './src/analysis/index.ts';
        export { ops, sources } from './src/ops/index.ts';
        export { catalog } from './src/shapes/index.ts';
        export { findingsOf, runExample } from './test/examples/run-example.ts';
      `,
      resolveDir: root,
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['webgpu', 'gl'],
    mainFields: ['module', 'main'],
    loader: { '.tblock': 'text', '.wasm': 'binary' },
    logLevel: 'error',
  });
  const texts = JSON.parse(readFileSync(`${root}package.nls.json`, 'utf8'));
  const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'), (_, value) =>
    typeof value === 'string' ? value.replace(/^%(.+)%$/, (all, key) => texts[key] ?? all) : value,
  );
  return { ...createRequire(import.meta.url)(outfile), manifest, root };
}

/** Every text that can be said in another language, and the documentation that hovers show. English is the source. */
function messagesFile({ ops, sources, standardLibrary }) {
  const blocks = [...standardLibrary().blocks.values()];
  const documentation = [...ops, ...sources, ...blocks].flatMap(({ doc }) => doc ?? []);
  const texts = [...messagesIn('src').map(({ text }) => text), ...documentation];
  const sorted = [...new Set(texts)].sort();
  return JSON.stringify(Object.fromEntries(sorted.map((text) => [text, text])), undefined, 2);
}

function diagnosticsPage({ catalog }) {
  const entries = Object.values(catalog).map(
    ({ code, severity, title, explanation, fix, wrong, right }) => `
## ${code}: ${title}

${severity[0].toUpperCase()}${severity.slice(1)}. ${explanation}

${fence(wrong)}

**How to fix.** ${fix}

${fence(right)}
`,
  );
  return `# Diagnostics

${generated('the catalogue in src/shapes/catalog.ts')}

Codes are stable.
TB0xx are about syntax and names, TB1xx about shapes, TB2xx about runs, TB3xx about designs that run and are probably not what was meant.
The first program under each code has the diagnostic, the second is a way out; tests hold both to it.

A warning or a hint is silenced on its line by a comment with its code, \`// tblock-ignore TB311\`; alone on a line, the comment is about the next one. A quick fix writes it.
Errors cannot be silenced.
${entries.join('')}`;
}

function operatorsPage({ ops, sources, standardLibrary }) {
  const blocks = [...standardLibrary().blocks.values()].map(
    ({ name, signature, doc }) => `
### ${name}

${doc ?? ''}

${fence(signature)}
`,
  );
  const operators = ops
    .filter(({ notation }) => notation?.kind !== 'internal')
    .map(
      (op) => `
### ${op.name}

${op.doc}

${fence(op.signature)}
${writtenAs(op.notation)}
- PyTorch: \`${op.torch}\`
- ONNX: ${op.onnx}
- Largest difference of a float32 backend from PyTorch's float64, relative to max(1, |value|): ${op.tolerance}
- Derivative: ${derivative(op.vjp)}
`,
    );
  const values = sources.map(
    ({ name, doc, signature, torch }) => `
### ${name}

${doc}

${fence(signature)}

- PyTorch: \`${torch}\`
`,
  );
  return `# Operators, sources and the standard library

${generated('the records in src/ops')}

Signatures are written in the language: parameters of a tensor type are operands, \`...\` stands for the same leading axes everywhere in one signature, and a name that no \`dims\` declares binds to the axis it stands at.

## Standard library

Blocks written in the language itself; go to definition opens their text.
${blocks.join('')}
## Operators
${operators.join('')}
## Sources

Initialisers of parameters, and values of inputs.
${values.join('')}`;
}

function settingsPage({ manifest: { contributes } }) {
  const keys = new Map(contributes.keybindings.map((binding) => [binding.command, binding]));
  const hidden = new Set(
    contributes.menus.commandPalette
      .filter(({ when }) => when === 'false')
      .map(({ command }) => command),
  );
  const commands = contributes.commands
    .filter(({ command }) => !hidden.has(command))
    .map(({ command, category, title }) => {
      const { key, mac } = keys.get(command) ?? {};
      const shown = key === undefined ? '' : `${key}${mac ? ` (macOS: ${mac})` : ''}`;
      return `| ${category}: ${title} | \`${command}\` | ${shown} |`;
    });
  const groups = contributes.configuration.map(
    ({ title, properties }) => `
## Settings: ${title}
${Object.entries(properties).map(settingText).join('')}`,
  );
  return `# Commands and settings

${generated('package.json')}

## Commands

| command | id | key |
| --- | --- | --- |
${commands.join('\n')}
${groups.join('')}`;
}

function settingText([name, setting]) {
  const choices = (setting.enum ?? []).map(
    (value, i) => `- \`${value}\`: ${setting.enumDescriptions[i]}`,
  );
  return `
### \`${name}\`

${setting.markdownDescription ?? setting.description}

Default: \`${JSON.stringify(setting.default)}\`. Set ${scopes[setting.scope]}.
${choices.length > 0 ? `\n${choices.join('\n')}\n` : ''}`;
}

function generated(from) {
  return `Made from ${from} by \`npm run docs\`; edit it there.`;
}

function writtenAs(notation) {
  switch (notation?.kind) {
    case 'binary':
      return `\n- Written \`a ${notation.symbol} b\``;
    case 'prefix':
      return `\n- Written \`${notation.symbol}${/^\w/.test(notation.symbol) ? ' ' : ''}x\``;
    case 'member':
      return `\n- Written \`x.${notation.symbol}\``;
    case 'index':
      return notation.by === 'tensor'
        ? '\n- Written `x[tokens]`'
        : '\n- Written `x[0:2, :, -1, none]`';
    default:
      return '';
  }
}

function derivative(vjp) {
  return typeof vjp === 'string' ? `\`${vjp.replaceAll('\n', '; ')}\`` : vjp.none;
}

function fence(text) {
  return `\`\`\`tblock\n${text.trim()}\n\`\`\``;
}
