/** CONTRIBUTING.md: how to work here, and how to add what is added most, each as the diff that added such a thing. */
import { addingFile, addingLines } from './diff.mjs';

/** @param {{ root: string }} records */
export function contributingPage({ root }) {
  const file = (path) => addingFile(root, path);
  const lines = (path, added, upTo) => addingLines(root, path, added, upTo);
  return `# Contributing

Made by \`npm run docs\` from \`docs/contributing.mjs\` and the files that it shows; a test takes every diff below back from the repository, so they fit it as it is.

Read [ARCHITECTURE.md](ARCHITECTURE.md) first; it is one page.

## Five commands

| command | what it does |
| --- | --- |
| \`npm ci && npm start\` | opens VS Code with TBlock on the examples; nothing but the npm registry is asked for anything |
| \`npm test\` | runs what CI runs, in under ten minutes on two cores |
| \`npx vitest run test/shapes\` | runs the tests of one folder or file, in seconds |
| \`npm run format\` | formats, and mends what can be mended; \`npm run lint\` says what is left: lint, types and boundaries, unused code |
| \`npm run docs\` | writes the pages that are made from records, this one too, after a change of an operator, a diagnostic or a setting |

In VS Code, <kbd>F5</kbd> builds and opens a second window on the examples.
The other launch configurations attach to the language server and to the engine of that window, run the test file in the editor, the tests inside VS Code, and the inspector's gallery in a browser.

Further:

- \`npm run watch\` rebuilds as you type.
- \`npm run generate\` makes the parser anew after a change of the grammar. What it writes is committed, and \`npm test\` proves it fresh.
- \`npm run package\` makes the \`.vsix\` files and THIRD-PARTY-NOTICES; a new dependency shows there, and its licence must be one that lets it be shipped. No dependency runs a script when it is installed (\`.npmrc\`).
- \`npm run test:gpu\` compares all numbers on the GPU of your machine, and \`npm run bench:gpu\` writes [its page](docs/performance-gpu.md); \`npm test\` needs no GPU, it uses a software adapter.
- \`npm run bench\` times the engine beside onnxruntime, TensorFlow.js, gpu.js and PyTorch on this machine and writes [docs/performance.md](docs/performance.md); \`npm run bench -- kernels\` runs one part, \`--node PATH\` adds another Node version, \`--quick\` is for development.
- \`npm run pictures\` renews the pictures of [README.md](README.md) and of the walkthrough.
- A text for people is one whole sentence, \`t\`…\`\` in \`src\`, \`vscode.l10n.t('…')\` in the extension, a line of \`webview/strings.ts\` in the inspector, a key of \`package.nls.json\` in the manifest. \`npm run docs\` lists it in \`l10n/bundle.l10n.json\`; its Portuguese stands beside, and a test says which is missing.
- A message that changes shows in \`test/programs\`: read the text beside the program before you accept it with \`npx vitest run test/programs -u\`.
- Golden tensors come from PyTorch through the scripts in \`test/reference\`; no test needs Python.
- Public things say what they do, their shapes and units, and their source; comments say why. What a user can cause is a diagnostic with a code; only bugs throw.

## An operator

One file in \`src/ops\`, and its two lines in the list.
Completion, hover, checking, lowering, every backend, the tests and [the page of operators](docs/operators.md) are loops over the records, so nothing else needs to know it.
Its examples become golden tensors by the script in \`test/reference\`; every backend is compared with them.
The form (\`along\` here) says what it does in terms that the SIMD kernels know; an operator without one runs by its reference.

${fence(file('src/ops/log-softmax.ts'), lines('src/ops/index.ts', /\blogSoftmax\b/))}

## A diagnostic

An entry in the catalogue, with a program that has it and one that is a way out; [the page of diagnostics](docs/diagnostics.md) and the quick links are made from it.
A lint is a file that finds it and its lines in the list; what the checker finds itself it reports with \`diagnostic(…)\` where it finds it.
The program in \`test/programs\` holds the message as people read it; \`-u\` writes the text beside it.

${fence(
  lines('src/shapes/catalog-designs.ts', /^ {2}notStackable: entry/, /^ {2}\),/),
  file('src/analysis/lints/not-stackable.ts'),
  lines('src/analysis/lints/index.ts', /notStackable/),
  file('test/programs/design/not-stackable.tblock'),
)}

## A view

A file in \`src/views\` turns a trace into plain data; the protocol names it, and \`viewOf\` answers it.
The inspector draws the data in a component and computes nothing; its words stand in \`webview/strings.ts\`.
The component here is \`webview/generation.tsx\`; \`webview/gallery\` shows it without VS Code.

${fence(
  file('src/views/generation.ts'),
  lines('src/views/index.ts', /generation/),
  lines('src/views/protocol.ts', /\bGenerationView\b/),
  lines('src/views/view-of.ts', /\bgenerationView\b|'generation'/),
  lines('webview/selection.ts', /^ {2}'generation',/),
  lines('webview/app.tsx', /\bGenerationPage\b|case 'generation'/),
)}

## A model family

A file that writes the program of a Hugging Face checkpoint from its \`config.json\`, and its two lines in the list.
What families share (a gated decoder, an encoder, rotary positions) is in \`src/formats/hf\`; a file says what is different.
\`test/reference/hf/generate.py\` makes a tiny checkpoint of it with the \`transformers\` library, and what that computes is what the import must compute.

${fence(file('src/formats/hf/families/mistral.ts'), lines('src/formats/hf/families.ts', /\bmistral\b/))}
`;
}

function fence(...diffs) {
  return `\`\`\`diff\n${diffs.join('\n')}\n\`\`\``;
}
