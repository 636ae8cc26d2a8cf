/** What is fuzzed: each target takes any bytes, and throws where it finds a mistake of ours. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { analyze, type FileAccess, findingsOf } from '../../src/analysis/index.ts';
import {
  importHuggingFace,
  openSafetensors,
  openTokenizer,
  openWeights,
  readNpy,
  wholeView,
  writeNpy,
  writeSafetensors,
} from '../../src/formats/index.ts';
import { formatted, parseProgram } from '../../src/syntax/index.ts';
import { golden } from '../formats/golden.ts';

export interface FuzzTarget {
  readonly name: string;
  /** Inputs that others are made from. */
  readonly seeds: readonly Uint8Array[];
  /** What is put into them. */
  readonly pieces: readonly Uint8Array[];
  readonly run: (bytes: Uint8Array) => void;
}

/** @param scratch a folder for the files that readers open */
export function fuzzTargets(scratch: string): readonly FuzzTarget[] {
  return [...languageTargets(), ...fileTargets(scratch)];
}

// ---------------------------------------------------------------- the language

function languageTargets(): readonly FuzzTarget[] {
  const texts = programTexts();
  const seeds = texts.map(bytes);
  const pieces = [
    ...new Set(texts.flatMap((text) => text.match(/\w+|\s+|[^\w\s]/gu) ?? [])),
    ...odd,
  ].map(bytes);
  const target = (name: string, run: (text: string) => void): FuzzTarget => ({
    ...{ name, seeds, pieces },
    run: (input) => run(new TextDecoder().decode(input)),
  });
  return [
    target('parser', (text) => {
      const { program } = parseProgram(text);
      if (!Array.isArray(program.declarations)) throw new Error('There is no tree.');
    }),
    target('checker', (text) => {
      const analysis = analyze('file:///fuzz.tblock', text, noFiles);
      for (const { source } of findingsOf(analysis, { memory: 2 ** 34 })) {
        if (source.start > source.end || source.end > text.length) {
          throw new Error(`A finding has the place ${source.start} to ${source.end}.`);
        }
      }
    }),
    target('formatter', (text) => {
      const once = formatted(text);
      if (formatted(once) !== once) throw new Error('Formatting twice is not formatting once.');
    }),
  ];
}

const noFiles: FileAccess = {
  readText: () => undefined,
  resolve: (_from, path) => `file:///${path}`,
};

/** Examples, and the programs of the tests, with every kind of mistake. */
function programTexts(): readonly string[] {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  return ['examples', 'examples/chapters', ...kinds.map((kind) => `test/programs/${kind}`)]
    .map((folder) => join(root, folder))
    .flatMap((folder) => programsIn(folder))
    .map((file) => readFileSync(file, 'utf8'));
}

const kinds = ['good', 'design', 'syntax-error', 'name-error', 'shape-error', 'run-error'];

function programsIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.tblock'))
    .sort()
    .map((name) => join(folder, name));
}

/** What programs rarely hold. */
const odd = [
  ...[
    '(',
    '[',
    '{',
    '((((((((',
    '[[[[[[[[',
    '-----',
    '!!!',
    '**',
    '"',
    '"""',
    '//',
    '///',
    '\u0000',
  ],
  ...[
    '0',
    '1e999',
    '-0',
    '9007199254740993',
    '1_',
    '0x',
    '.5',
    '∞',
    'é',
    '\u{1F600}',
    '\ud800',
    '\r',
    '\t',
  ],
  ...[
    'repeat 1000000000 {',
    'd = d',
    'dims { a = b, b = a }',
    'x += x',
    'self',
    'patch',
    'for h in 0..',
    '...',
  ],
];

// ---------------------------------------------------------------- files

const kibibyte = 1024;

function fileTargets(scratch: string): readonly FuzzTarget[] {
  mkdirSync(scratch, { recursive: true });
  const at = (name: string) => join(scratch, name);
  const put = (name: string, content: Uint8Array) => {
    writeFileSync(at(name), content);
    return at(name);
  };
  return [
    {
      name: 'safetensors',
      seeds: safetensorsSeeds(at),
      pieces: awkward,
      run: (input) => readAll(put('fuzz.safetensors', input)),
    },
    {
      name: 'npy',
      seeds: npySeeds(at),
      pieces: awkward,
      run: (input) => void readNpy(put('fuzz.npy', input)),
    },
    {
      name: 'npz',
      seeds: npzSeeds(),
      pieces: awkward,
      run: (input) => readAll(put('fuzz.npz', input)),
    },
    {
      name: 'tokenizer',
      seeds: tokenizerSeeds(),
      pieces: awkward,
      run: (input) => tokenize(put('tokenizer.json', input)),
    },
    {
      name: 'config of a checkpoint',
      seeds: configSeeds(),
      pieces: awkward,
      run: (input) => importFrom(at('checkpoint'), input),
    },
  ];
}

/** Opens a file of tensors and reads each, of those that are small. */
function readAll(path: string): void {
  const file = openWeights(path);
  if (!file.ok) return;
  for (const [name, { shape, order }] of file.value.tensors) {
    const length = shape.reduce((product, each) => product * each, 1);
    if (length <= 64 * kibibyte) file.value.read(name, wholeView(shape, order));
  }
  if (path.endsWith('.safetensors')) openSafetensors(path);
}

function tokenize(path: string): void {
  const tokenizer = openTokenizer(path);
  if (!tokenizer.ok) return;
  const encoded = tokenizer.value.encode('The stream of 日本 <s> [MASK]\n\u0000 the');
  if (encoded.ok) tokenizer.value.textsOf([...encoded.value.ids, -1, 10 ** 9]);
}

function importFrom(folder: string, config: Uint8Array): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), config);
  const imported = importHuggingFace(folder);
  if (imported.ok) analyze('file:///fuzz.tblock', imported.value.text, noFiles);
}

function safetensorsSeeds(at: (name: string) => string): readonly Uint8Array[] {
  const path = at('seed.safetensors');
  const tensors = new Map([
    ['a.weight', { shape: [2, 3], data: new Float32Array(6) }],
    ['blocks.0.b', { shape: [4], data: new Float32Array(4) }],
  ]);
  writeSafetensors(path, tensors, new Map([['format', 'pt']]));
  return [readFileSync(path), Buffer.from(golden.saved, 'base64')];
}

function npySeeds(at: (name: string) => string): readonly Uint8Array[] {
  return [[2, 3], [], [0], [5]].map((shape, i) => {
    const path = at(`seed-${i}.npy`);
    const length = shape.reduce((product, each) => product * each, 1);
    writeNpy(path, { shape, data: Float64Array.from({ length }, (_, j) => j) });
    return readFileSync(path);
  });
}

function npzSeeds(): readonly Uint8Array[] {
  return [golden.npz.stored, golden.npz.compressed].map((text) => Buffer.from(text, 'base64'));
}

function tokenizerSeeds(): readonly Uint8Array[] {
  const folder = new URL('../reference/tokenizers/', import.meta.url);
  return ['byte-fallback', 'byte-level', 'unigram', 'word-piece'].map((name) =>
    readFileSync(new URL(`${name}/tokenizer.json`, folder)),
  );
}

function configSeeds(): readonly Uint8Array[] {
  const file = new URL('../models/configs.json', import.meta.url);
  const configs: Readonly<Record<string, unknown>> = JSON.parse(readFileSync(file, 'utf8'));
  return Object.values(configs).map((config) => bytes(JSON.stringify(config)));
}

/** Numbers at the edges of their types, ends of strings and of structures. */
const awkward: readonly Uint8Array[] = [
  ...[
    '0',
    '-1',
    '1e400',
    'null',
    'true',
    '""',
    '[]',
    '{}',
    '[[',
    '{"',
    '\\u0000',
    '\\ud800',
    '9007199254740993',
  ],
  ...[
    '18446744073709551615',
    '"__proto__"',
    '"constructor"',
    ',',
    ':',
    '}',
    ']',
    '"F64"',
    '"BF16"',
    '(,)',
    "'<f8'",
  ],
  ...[
    '"n_layer":1000000000',
    '"num_hidden_layers":-1',
    '"hidden_size":0',
    '"type":"BPE"',
    '"merges":[["",""]]',
  ],
]
  .map((text) => bytes(text))
  .concat([
    Uint8Array.of(0),
    Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255),
    Uint8Array.of(255, 255, 255, 127),
    Uint8Array.of(0, 0, 0, 128),
    Uint8Array.of(80, 75, 3, 4),
    Uint8Array.of(80, 75, 5, 6),
  ]);

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
