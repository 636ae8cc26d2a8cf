/** A whole file: dims, headers, bodies, runs. Checking never fails; what is broken is reported and left out. */
import { t } from '@vscode/l10n';
import type {
  Block,
  DimsBlock,
  Import,
  ImportItem,
  Model,
  Program,
  Run,
  SyntaxProblem,
  Weights,
} from '../syntax/index.ts';
import { BlockTable, firstPlace, type ImportedBlocks } from './block-table.ts';
import { catalog } from './catalog.ts';
import {
  checkDimValues,
  type DeclaredDims,
  declareDims,
  dimFacts,
  importDims,
} from './check-dims.ts';
import type { Surroundings } from './check-memory.ts';
import { checkRun, checkWeights } from './check-run.ts';
import { DiagnosticList, type SourceRange } from './diagnostic.ts';
import { reportUnknown } from './did-you-mean.ts';
import { dimOrigin, noteDeclaredDims, ownDim } from './dim-origins.ts';
import type { CheckContext } from './mismatch.ts';
import type { CheckedBlock, CheckedProgram, NameFact } from './program.ts';
import { type FileScope, sourceOf } from './scope.ts';

export interface ProgramSource {
  readonly uri: string;
  readonly text: string;
  readonly program: Program;
  readonly syntaxErrors: readonly SyntaxProblem[];
  /** The standard library; absent while it is itself checked. */
  readonly library: CheckedProgram | undefined;
  readonly imported: (path: string) => ImportedProgram;
}

/**
 * The program behind an import; undefined where the file cannot be read. What is withheld nobody has looked at: what it
 * declares is not known to be missing, and who withholds it says so.
 */
export type ImportedProgram = CheckedProgram | 'circular' | 'withheld' | undefined;

/** @param before the check of the same file before an edit: what the edit does not touch is kept. */
export function checkProgram(source: ProgramSource, before?: CheckedProgram): CheckedProgram {
  const diagnostics = new DiagnosticList();
  for (const { message, start, end } of source.syntaxErrors) {
    diagnostics.report('syntax', { uri: source.uri, start, end }, message);
  }
  const { declarations } = source.program;
  const dimsBlocks = declarations.filter((node): node is DimsBlock => node.$type === 'DimsBlock');
  const imports = readImports(source, diagnostics);
  const declared = declareDims(source.uri, dimsBlocks, imports.dims, diagnostics);
  const facts = dimFacts(declared);
  checkDimValues(declared, facts, diagnostics);
  const check: CheckContext = {
    facts,
    diagnostics,
    mode: 'symbolic',
    originOf: (symbol) => dimOrigin(declared, facts, symbol),
    declarationOf: (symbol) => ownDim(source.uri, declared, symbol),
  };
  const blocks = new BlockTable(source.library, imports);
  const nameFacts: NameFact[] = [];
  const file: FileScope = {
    uri: source.uri,
    text: source.text,
    diagnostics,
    syntaxErrors: source.syntaxErrors,
    check,
    dims: declared.dims,
    facts: nameFacts,
    blockNamed: (name) => blocks.named(name),
    brokenBlocks: imports.broken,
    blockNames: () => blocks.names(),
    resultOf: (block) => blocks.resultOf(block),
  };
  noteDeclaredDims(file, dimsBlocks);
  const memory = blocks.check(
    file,
    declarations.filter((node): node is Block | Model => isBlockOrModel(node)),
    surroundingsOf(file, source, imports),
    before?.memory,
  );
  const models = blocks.models(file);
  const checked = blocks.finish(diagnostics);
  const runNodes = declarations.filter(
    (node): node is Run => node.$type === 'Run' && node.name !== '',
  );
  const weightNodes = declarations.filter((node): node is Weights => node.$type === 'Weights');
  reportDuplicates(file, [...runNodes, ...weightNodes]);
  const around = {
    file,
    subjects: new Set([...imports.models.keys(), ...models.keys(), ...blocks.names()]),
    runs: new Set(runNodes.map((node) => node.name)),
    weights: new Set(weightNodes.map((node) => node.name)),
  };
  const weights = new Map(weightNodes.map((node) => [node.name, checkWeights(file, node)]));
  const runs = runNodes.map((node) => checkRun(around, node));
  return withFacts(nameFacts, {
    uri: source.uri,
    dims: declared.dims,
    conditions: declared.conditions,
    blocks: checked,
    named: new Map([...blocks.names()].flatMap((name) => [[name, blocks.named(name)?.key ?? '']])),
    models: new Map([...imports.models, ...models]),
    runs,
    weights,
    diagnostics: imports.programs.includes('withheld')
      ? diagnostics.all.filter(({ code }) => code !== catalog.unknownDim.code)
      : diagnostics.all,
    memory,
  });
}

/**
 * Facts are gathered when they are asked for. A function of its own, because what a getter closes over lives as long as
 * the program: the sources of the check must not, since they lead to the check before.
 */
function withFacts(own: readonly NameFact[], rest: Omit<CheckedProgram, 'facts'>): CheckedProgram {
  let all: readonly NameFact[] | undefined;
  return Object.defineProperty({ ...rest, facts: own }, 'facts', {
    enumerable: true,
    get: () => {
      all ??= [...own, ...rest.memory.units.flatMap((unit) => unit.facts)];
      return all;
    },
  });
}

function isBlockOrModel({ $type }: Program['declarations'][number]): boolean {
  return $type === 'Block' || $type === 'Model';
}

/** What a block or model can see beside its own text. */
function surroundingsOf(
  file: FileScope,
  { program: { declarations }, library }: ProgramSource,
  { programs }: Imports,
): Surroundings {
  const seen = declarations.filter(({ $type }) => $type === 'DimsBlock' || $type === 'Import');
  const places = seen.map((node) => sourceOf(file, node));
  const texts = places.map(({ start, end }) => file.text.slice(start, end));
  const names = declarations.flatMap((node) => (node.$type === 'Block' ? [node.name] : []));
  return {
    text: [...texts, ...names].join('\n'),
    programs: [library, ...programs],
    places,
  };
}

// ---------------------------------------------------------------- imports

interface Imports extends ImportedBlocks {
  readonly dims: DeclaredDims;
  readonly models: ReadonlyMap<string, CheckedBlock>;
  /** Names that the file imports and does not get. */
  readonly broken: ReadonlySet<string>;
  /** In the order of the text. */
  readonly programs: readonly unknown[];
}

function readImports(source: ProgramSource, diagnostics: DiagnosticList): Imports {
  const blocks = new Map<string, CheckedBlock>();
  const models = new Map<string, CheckedBlock>();
  const reachable = new Map<string, CheckedBlock>();
  const programs: unknown[] = [];
  let dims: DeclaredDims = { dims: new Map(), conditions: [] };
  for (const node of source.program.declarations) {
    if (node.$type !== 'Import' || node.file === '') continue;
    const program = source.imported(node.file);
    programs.push(program);
    if (program === 'withheld') continue;
    if (program === undefined || program === 'circular') {
      const message =
        program === undefined
          ? t`${node.file} cannot be read. The path is relative to this file.`
          : t`${node.file} imports this file in turn, so neither can come first.`;
      diagnostics.report('importFailed', placeOf(source, node, 'file'), message);
      continue;
    }
    dims = importDims(dims, program, diagnostics, placeOf(source, node, 'file'));
    for (const [key, block] of program.blocks) reachable.set(key, block);
    for (const item of node.items) {
      importItem(source, node, item, program, { blocks, models }, diagnostics);
    }
  }
  const imported = source.program.declarations.flatMap((node) =>
    node.$type === 'Import' ? node.items.map(({ name, alias }) => alias ?? name) : [],
  );
  const broken = new Set(imported.filter((name) => !blocks.has(name) && !models.has(name)));
  return { dims, blocks, models, reachable, broken, programs };
}

function importItem(
  source: ProgramSource,
  node: Import,
  item: ImportItem,
  program: CheckedProgram,
  { blocks, models }: Record<'blocks' | 'models', Map<string, CheckedBlock>>,
  diagnostics: DiagnosticList,
): void {
  if (item.name === '') return;
  const ofFile = ({ uri }: CheckedBlock) => uri === program.uri;
  const own = [...program.blocks.values(), ...program.models.values()].filter(ofFile);
  const found = own.find((candidate) => candidate.name === item.name);
  if (found !== undefined) {
    const kind = found.kind === 'model' ? models : blocks;
    kind.set(item.alias ?? item.name, found);
    return;
  }
  const known = own.map((candidate) => candidate.name);
  const message = t`${node.file} declares no block ${item.name}.`;
  const unknown = { name: item.name, known };
  reportUnknown(diagnostics, 'importFailed', placeOf(source, item, 'name'), message, unknown);
}

function placeOf(source: ProgramSource, node: Parameters<typeof sourceOf>[1], property: string) {
  return sourceOf({ uri: source.uri } as FileScope, node, property);
}

// ---------------------------------------------------------------- duplicates

function reportDuplicates(file: FileScope, nodes: readonly (Run | Weights)[]): void {
  const seen = new Map<string, SourceRange>();
  for (const node of nodes) {
    const source = sourceOf(file, node, 'name');
    const first = seen.get(node.name);
    if (first === undefined) seen.set(node.name, source);
    else {
      const message = t`${node.name} is already declared in this file.`;
      file.diagnostics.report('duplicate', source, message, firstPlace(first));
    }
  }
}
