/** The blocks and models of a file while it is checked: by name, each checked once, when it is first needed. */
import { t } from '@vscode/l10n';
import type { Block, Model } from '../syntax/index.ts';
import { callsOf, selfCallers } from './calls.ts';
import { checkBody, checkHeader, checkModelHeader } from './check-block.ts';
import {
  type CheckedUnit,
  type CheckMemory,
  Recall,
  type Surroundings,
  type UnitFindings,
} from './check-memory.ts';
import { type DiagnosticDetail, DiagnosticList, type SourceRange } from './diagnostic.ts';
import type { TensorType } from './expression.ts';
import type { CheckedBlock, CheckedProgram, NameFact } from './program.ts';
import type { FileScope } from './scope.ts';

/** What a file gets from others. */
export interface ImportedBlocks {
  /** By the name that this file gives them. */
  readonly blocks: ReadonlyMap<string, CheckedBlock>;
  /** Everything that imported blocks call in turn, by key. */
  readonly reachable: ReadonlyMap<string, CheckedBlock>;
}

/** A declaration whose header is known; `check` is its body's turn. */
interface Pending {
  readonly node: Block | Model;
  readonly block: CheckedBlock;
  readonly check: () => UnitFindings;
}

/** Bodies are checked on demand where a result is not declared, else at the end. */
export class BlockTable {
  readonly #library: CheckedProgram | undefined;
  readonly #imports: ImportedBlocks;
  readonly #own = new Map<string, Pending>();
  readonly #checked = new Map<Pending, CheckedUnit>();
  readonly #underway = new Set<string>();
  readonly #models: Pending[] = [];
  #recall: Recall | undefined;
  /** Blocks, then models, each in the order of the text. */
  #units: readonly CheckedUnit[] = [];

  constructor(library: CheckedProgram | undefined, imports: ImportedBlocks) {
    this.#library = library;
    this.#imports = imports;
  }

  /** Checks every declaration; `before` is what a check before an edit has left. */
  check(
    file: FileScope,
    nodes: readonly (Block | Model)[],
    surroundings: Surroundings,
    before: CheckMemory | undefined,
  ): CheckMemory {
    const recall = new Recall(file, nodes, surroundings, before);
    for (const node of nodes) {
      const kept = recall.kept(node);
      const pending =
        kept === undefined ? pendingOf(file, node) : { node, block: kept.block, check: () => kept };
      if (kept !== undefined) this.#checked.set(pending, kept);
      if (node.$type === 'Block') this.#declare(file, pending);
      else this.#models.push(pending);
    }
    this.#recall = recall;
    this.#units = [...this.#own.values(), ...this.#models].map((each) => this.#check(each, recall));
    for (const { diagnostics } of this.#units) {
      for (const found of diagnostics) file.diagnostics.add(found);
    }
    return { surroundings, units: this.#units };
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
    const pending = this.#own.get(block.name);
    if (pending === undefined || pending.block.key !== block.key) return undefined;
    if (this.#recall === undefined || this.#underway.has(block.key)) return undefined;
    return this.#check(pending, this.#recall).returned;
  }

  /** Every reachable block with its body; blocks that call themselves are emptied. */
  finish(diagnostics: DiagnosticList): Map<string, CheckedBlock> {
    const own = this.#units.filter(({ block }) => block.kind === 'block');
    const all = new Map([...(this.#library?.blocks ?? []), ...this.#imports.reachable]);
    for (const { block } of own) all.set(block.key, block);
    const circles = selfCallers(all, own);
    for (const { block } of own) {
      const callee = circles.get(block.key);
      const call = callee && callsOf(block.body).find((each) => each.block === callee);
      if (!call) continue;
      const message = t`${block.name} calls itself here, so it would never end.`;
      diagnostics.report('recursion', call.source, message);
      all.set(block.key, { ...block, body: [] });
    }
    return all;
  }

  /** The models of the file; the first of a name counts. */
  models({ diagnostics, uri }: FileScope): ReadonlyMap<string, CheckedBlock> {
    const models = new Map<string, CheckedBlock>();
    for (const { block } of this.#units) {
      if (block.kind !== 'model') continue;
      const own = this.named(block.name);
      const first = models.get(block.name) ?? (own?.uri === uri ? own : undefined);
      if (first === undefined) {
        if (block.name !== '') models.set(block.name, block);
        continue;
      }
      const message = t`${block.name} is already declared in this file.`;
      diagnostics.report('duplicate', block.source, message, firstPlace(first.source));
    }
    return models;
  }

  #declare(file: FileScope, pending: Pending): void {
    const { block } = pending;
    const first = this.#own.get(block.name);
    if (first !== undefined) {
      const message = t`A block ${block.name} is already declared in this file.`;
      const detail = firstPlace(first.block.source);
      file.diagnostics.report('duplicate', block.source, message, detail);
    } else if (block.name !== '') this.#own.set(block.name, pending);
  }

  #libraryBlock(name: string): CheckedBlock | undefined {
    const { blocks, uri } = this.#library ?? {};
    return blocks?.get(`${uri}#${name}`);
  }

  #check(pending: Pending, recall: Recall): CheckedUnit {
    const known = this.#checked.get(pending);
    if (known !== undefined) return known;
    const { node, block, check } = pending;
    this.#underway.add(block.key);
    const findings = check();
    this.#underway.delete(block.key);
    const unit = recall.unit(node, findings);
    this.#checked.set(pending, unit);
    return unit;
  }
}

/** What a declaration finds is kept apart, so that it can be kept when another one changes. */
function pendingOf(file: FileScope, node: Block | Model): Pending {
  const facts: NameFact[] = [];
  const diagnostics = new DiagnosticList();
  const uses = new Set<string>();
  const own: FileScope = {
    ...file,
    facts,
    diagnostics,
    check: { ...file.check, diagnostics },
    blockNamed: (name) => {
      uses.add(name);
      return file.blockNamed(name);
    },
  };
  const under = node.$type === 'Block' ? checkHeader(own, node) : checkModelHeader(own, node);
  const check = (): UnitFindings => {
    const { block, returned } = checkBody(under);
    // Without a declared result a block has that of its body.
    const result = block.kind === 'block' ? (block.result ?? returned) : undefined;
    return { block: { ...block, result }, returned, facts, diagnostics: diagnostics.all, uses };
  };
  return { node, block: under.block, check };
}

export function firstPlace(source: SourceRange | undefined): DiagnosticDetail {
  return source === undefined ? {} : { related: [{ source, message: t`declared here first` }] };
}
