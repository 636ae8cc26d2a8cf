/** A whole file: dims, headers, bodies, runs. Checking never fails; what is broken is reported and left out. */
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
import { type BlockUnderCheck, checkBody, checkHeader, checkModelHeader } from './check-block.ts';
import {
  checkDimValues,
  type DeclaredDims,
  declareDims,
  dimFacts,
  importDims,
} from './check-dims.ts';
import { checkRun, checkWeights } from './check-run.ts';
import { type DiagnosticDetail, DiagnosticList, type SourceRange } from './diagnostic.ts';
import { reportUnknown } from './did-you-mean.ts';
import { dimOrigin, noteDeclaredDims, ownDim } from './dim-origins.ts';
import type { Expression, TensorType } from './expression.ts';
import type { CheckContext } from './mismatch.ts';
import type { CheckedBlock, CheckedProgram, NameFact, Statement } from './program.ts';
import { type FileScope, sourceOf } from './scope.ts';

export interface ProgramSource {
  readonly uri: string;
  readonly text: string;
  readonly program: Program;
  readonly syntaxErrors: readonly SyntaxProblem[];
  /** The standard library; absent while it is itself checked. */
  readonly library: CheckedProgram | undefined;
  /** The program behind an import; undefined where the file cannot be read. */
  readonly imported: (path: string) => CheckedProgram | 'circular' | undefined;
}

export function checkProgram(source: ProgramSource): CheckedProgram {
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
  blocks.declare(
    file,
    declarations.filter((node): node is Block => node.$type === 'Block'),
  );
  const models = checkModels(
    file,
    declarations.filter((node): node is Model => node.$type === 'Model'),
  );
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
  return {
    uri: source.uri,
    dims: declared.dims,
    conditions: declared.conditions,
    blocks: checked,
    named: new Map([...blocks.names()].flatMap((name) => [[name, blocks.named(name)?.key ?? '']])),
    models: new Map([...imports.models, ...models]),
    runs,
    weights,
    facts: nameFacts,
    diagnostics: diagnostics.all,
  };
}

// ---------------------------------------------------------------- imports

interface Imports {
  readonly dims: DeclaredDims;
  /** By the name that this file gives them. */
  readonly blocks: ReadonlyMap<string, CheckedBlock>;
  readonly models: ReadonlyMap<string, CheckedBlock>;
  /** Everything that imported blocks call in turn, by key. */
  readonly reachable: ReadonlyMap<string, CheckedBlock>;
  /** Names that the file imports and does not get. */
  readonly broken: ReadonlySet<string>;
}

function readImports(source: ProgramSource, diagnostics: DiagnosticList): Imports {
  const blocks = new Map<string, CheckedBlock>();
  const models = new Map<string, CheckedBlock>();
  const reachable = new Map<string, CheckedBlock>();
  let dims: DeclaredDims = { dims: new Map(), conditions: [] };
  for (const node of source.program.declarations) {
    if (node.$type !== 'Import' || node.file === '') continue;
    const program = source.imported(node.file);
    if (program === undefined || program === 'circular') {
      const message =
        program === undefined
          ? `${node.file} cannot be read. The path is relative to this file.`
          : `${node.file} imports this file in turn, so neither can come first.`;
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
  return { dims, blocks, models, reachable, broken };
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
  const message = `${node.file} declares no block ${item.name}.`;
  const unknown = { name: item.name, known };
  reportUnknown(diagnostics, 'importFailed', placeOf(source, item, 'name'), message, unknown);
}

function placeOf(source: ProgramSource, node: Parameters<typeof sourceOf>[1], property: string) {
  return sourceOf({ uri: source.uri } as FileScope, node, property);
}

// ---------------------------------------------------------------- blocks

/** Blocks by name; bodies are checked on demand where a result is not declared, else at the end. */
class BlockTable {
  readonly #library: CheckedProgram | undefined;
  readonly #imports: Imports;
  readonly #own = new Map<string, BlockUnderCheck>();
  readonly #checked = new Map<
    string,
    { readonly block: CheckedBlock; readonly returned: TensorType | undefined }
  >();
  readonly #underway = new Set<string>();

  constructor(library: CheckedProgram | undefined, imports: Imports) {
    this.#library = library;
    this.#imports = imports;
  }

  declare(file: FileScope, nodes: readonly Block[]): void {
    for (const node of nodes) {
      const under = checkHeader(file, node);
      if (this.#own.has(node.name)) {
        const message = `A block ${node.name} is already declared in this file.`;
        const first = this.#own.get(node.name)?.block.source;
        file.diagnostics.report('duplicate', under.block.source, message, firstPlace(first));
        continue;
      }
      if (node.name !== '') this.#own.set(node.name, under);
    }
    for (const under of this.#own.values()) this.#check(under);
  }

  named(name: string): CheckedBlock | undefined {
    return this.#own.get(name)?.block ?? this.#imports.blocks.get(name) ?? this.#libraryBlock(name);
  }

  *names(): Iterable<string> {
    yield* this.#own.keys();
    yield* this.#imports.blocks.keys();
    for (const block of this.#library?.blocks.values() ?? []) yield block.name;
  }

  resultOf(block: CheckedBlock): TensorType | undefined {
    if (block.result !== undefined) return block.result;
    const under = this.#own.get(block.name);
    if (under === undefined || under.block.key !== block.key) return undefined;
    return this.#underway.has(block.key) ? undefined : this.#check(under)?.returned;
  }

  /** Every reachable block with its body; blocks that call themselves are emptied. */
  finish(diagnostics: DiagnosticList): Map<string, CheckedBlock> {
    const all = new Map([...(this.#library?.blocks ?? []), ...this.#imports.reachable]);
    for (const { block } of this.#checked.values()) all.set(block.key, block);
    const whole = new Map(all);
    for (const { block } of this.#checked.values()) {
      const call = callsOf(block.body).find((expression) =>
        reaches(whole, expression.block, block.key),
      );
      if (call === undefined) continue;
      const message = `${block.name} calls itself here, so it would never end.`;
      diagnostics.report('recursion', call.source, message);
      all.set(block.key, { ...block, body: [] });
    }
    return all;
  }

  #libraryBlock(name: string): CheckedBlock | undefined {
    const { blocks, uri } = this.#library ?? {};
    return blocks?.get(`${uri}#${name}`);
  }

  #check(under: BlockUnderCheck) {
    const { key } = under.block;
    const known = this.#checked.get(key);
    if (known !== undefined) return known;
    this.#underway.add(key);
    const result = checkBody(under);
    this.#underway.delete(key);
    // Without a declared result the block has that of its body.
    const block = { ...result.block, result: result.block.result ?? result.returned };
    const entry = { block, returned: result.returned };
    this.#checked.set(key, entry);
    return entry;
  }
}

type Call = Extract<Expression, { kind: 'call' }>;

function reaches(blocks: ReadonlyMap<string, CheckedBlock>, from: string, target: string): boolean {
  const seen = new Set<string>();
  const visit = (key: string): boolean => {
    if (key === target) return true;
    if (seen.has(key)) return false;
    seen.add(key);
    return callsOf(blocks.get(key)?.body ?? []).some((call) => visit(call.block));
  };
  return visit(from);
}

/** Every call in a body, in the order of the text. */
function callsOf(body: readonly Statement[]): readonly Call[] {
  return body.flatMap(callsOfStatement);
}

function callsOfStatement(statement: Statement): readonly Call[] {
  switch (statement.kind) {
    case 'assign':
    case 'write':
    case 'return':
    case 'output':
      return callsIn(statement.value);
    case 'repeat':
      return callsOf(statement.body);
    case 'if':
      return callsOf([...statement.consequent, ...statement.otherwise]);
    case 'param':
    case 'input':
      return [];
  }
}

function callsIn(expression: Expression): readonly Call[] {
  switch (expression.kind) {
    case 'apply':
      return expression.operands.flatMap((operand) => callsIn(operand.value));
    case 'call':
      return [expression, ...[...expression.arguments.values()].flatMap(callsIn)];
    case 'function call':
      return callsIn(expression.argument);
    case 'output':
      return callsIn(expression.value);
    case 'same':
      return [...callsIn(expression.left), ...callsIn(expression.right)];
    case 'function':
      return expression.target.kind === 'block'
        ? [
            {
              kind: 'call',
              block: expression.target.key,
              arguments: new Map(),
              label: { kind: 'block', name: '', source: expression.source },
              source: expression.source,
            },
          ]
        : [];
    default:
      return [];
  }
}

function checkModels(file: FileScope, nodes: readonly Model[]): ReadonlyMap<string, CheckedBlock> {
  const models = new Map<string, CheckedBlock>();
  for (const node of nodes) {
    const under = checkModelHeader(file, node);
    const { block } = checkBody(under);
    if (models.has(node.name) || file.blockNamed(node.name)?.uri === file.uri) {
      const message = `${node.name} is already declared in this file.`;
      const first = (models.get(node.name) ?? file.blockNamed(node.name))?.source;
      file.diagnostics.report('duplicate', block.source, message, firstPlace(first));
    } else if (node.name !== '') models.set(node.name, block);
  }
  return models;
}

function reportDuplicates(file: FileScope, nodes: readonly (Run | Weights)[]): void {
  const seen = new Map<string, SourceRange>();
  for (const node of nodes) {
    const source = sourceOf(file, node, 'name');
    const first = seen.get(node.name);
    if (first === undefined) seen.set(node.name, source);
    else {
      const message = `${node.name} is already declared in this file.`;
      file.diagnostics.report('duplicate', source, message, firstPlace(first));
    }
  }
}

function firstPlace(source: SourceRange | undefined): DiagnosticDetail {
  return source === undefined ? {} : { related: [{ source, message: 'declared here first' }] };
}
