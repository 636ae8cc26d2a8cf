/** What the names of a file stand for, across files: the one index that navigation, renaming and colours read. */
import {
  type Analysis,
  type CheckedFile,
  preludeText,
  preludeUri,
  standardLibrary,
  targetNamed,
} from '../analysis/index.ts';
import { type Op, opNamed, type Source, sourceNamed } from '../ops/index.ts';
import type { CheckedBlock, CheckedProgram, NameFact } from '../shapes/index.ts';
import { type Declaration, type Program, parseProgram } from '../syntax/index.ts';
import type { SourceRange } from '../trace/index.ts';
import { type Occurrence, occurrencesIn } from './occurrences.ts';
import { followPath, type PathEntry, pathEntries } from './path-entries.ts';

/** What a name stands for. */
export interface Meaning {
  /** The same for every occurrence of the same thing, in any file. */
  readonly id: string;
  readonly definition: SourceRange | undefined;
  readonly block?: CheckedBlock | undefined;
  readonly operator?: Op | Source | undefined;
  readonly fact?: NameFact | undefined;
  readonly path?: PathEntry | undefined;
}

/** A file with its names. */
export interface FileSymbols {
  readonly uri: string;
  readonly program: CheckedProgram;
  readonly tree: Program;
  readonly occurrences: readonly Occurrence[];
  readonly meaning: (occurrence: Occurrence) => Meaning | undefined;
}

const known = new WeakMap<CheckedFile, FileSymbols>();
let library: FileSymbols | undefined;

/** The file itself, those that it imports, and the standard library. */
export function symbolsOf(analysis: Analysis): ReadonlyMap<string, FileSymbols> {
  const files = new Map<string, FileSymbols>();
  const lookUp = (uri: string) => files.get(uri);
  for (const [uri, file] of analysis.files) {
    const symbols = known.get(file) ?? fileSymbols(uri, file.program, file.parsed.program, lookUp);
    known.set(file, symbols);
    files.set(uri, symbols);
  }
  library ??= fileSymbols(
    preludeUri,
    standardLibrary(),
    parseProgram(preludeText).program,
    (uri) => (uri === preludeUri ? library : undefined),
  );
  if (!files.has(preludeUri)) files.set(preludeUri, library);
  return files;
}

export function fileSymbolsOf(analysis: Analysis): FileSymbols {
  const symbols = symbolsOf(analysis).get(analysis.uri);
  if (symbols === undefined) throw new Error(`${analysis.uri} was not analysed.`);
  return symbols;
}

/** The name at an offset, its end included; the one that begins there where two touch. */
export function occurrenceAt(
  { occurrences }: Pick<FileSymbols, 'occurrences'>,
  offset: number,
): Occurrence | undefined {
  const touching = occurrences.filter(({ start, end }) => start <= offset && offset <= end);
  return touching.find(({ end }) => offset < end) ?? touching[0];
}

function fileSymbols(
  uri: string,
  program: CheckedProgram,
  tree: Program,
  lookUp: (uri: string) => FileSymbols | undefined,
): FileSymbols {
  let occurrences: readonly Occurrence[] | undefined;
  const resolver = new Resolver(uri, program, () => symbols.occurrences, lookUp);
  const symbols: FileSymbols = {
    uri,
    program,
    tree,
    get occurrences() {
      occurrences ??= occurrencesIn(tree);
      return occurrences;
    },
    meaning: (occurrence) => resolver.meaning(occurrence),
  };
  return symbols;
}

const dimPrefix = 'dim|';

function dimId(name: string): string {
  return `${dimPrefix}${name}`;
}

/** Whether a meaning is a dim of files, of which each has its own unless imports join them. */
export function isDim(id: string): boolean {
  return id.startsWith(dimPrefix);
}

class Resolver {
  readonly #uri: string;
  readonly #program: CheckedProgram;
  readonly #occurrences: () => readonly Occurrence[];
  readonly #lookUp: (uri: string) => FileSymbols | undefined;
  readonly #meanings = new Map<Occurrence, Meaning | undefined>();
  #facts: ReadonlyMap<string, NameFact> | undefined;
  readonly #roots = new Map<string, readonly PathEntry[]>();

  constructor(
    uri: string,
    program: CheckedProgram,
    occurrences: () => readonly Occurrence[],
    lookUp: (uri: string) => FileSymbols | undefined,
  ) {
    this.#uri = uri;
    this.#program = program;
    this.#occurrences = occurrences;
    this.#lookUp = lookUp;
  }

  meaning(occurrence: Occurrence): Meaning | undefined {
    if (!this.#meanings.has(occurrence)) {
      this.#meanings.set(occurrence, this.#meaningOf(occurrence));
    }
    return this.#meanings.get(occurrence);
  }

  #meaningOf(occurrence: Occurrence): Meaning | undefined {
    const { name, kind, owner } = occurrence;
    switch (kind) {
      case 'value':
      case 'argument':
      case 'parameter':
      case 'input':
      case 'local dim':
        return this.#local(occurrence);
      case 'dim':
        return this.#dim(occurrence);
      case 'label':
        return {
          id: `${this.#uri}|${ownerName(owner)}|as ${name}`,
          definition: this.#at(occurrence),
        };
      case 'callee':
        return this.#callable(name) ?? operatorMeaning(name);
      case 'function':
        if (this.#program.dims.has(name)) return this.#dim(occurrence);
        return this.#callable(name) ?? operatorMeaning(name) ?? this.#dim(occurrence);
      case 'key':
        return this.#key(occurrence);
      case 'block':
      case 'model':
      case 'subject':
        return this.#callable(name);
      case 'import':
      case 'alias':
        return this.#import(occurrence);
      case 'run':
      case 'weights':
        return { id: `${kind}|${this.#uri}|${name}`, definition: this.#declared(kind, name) };
      case 'setting':
        return this.#setting(occurrence);
      case 'path':
        return this.#path(occurrence);
    }
  }

  #at({ start, end }: Occurrence): SourceRange {
    return { uri: this.#uri, start, end };
  }

  #fact({ start, end }: Occurrence): NameFact | undefined {
    if (this.#facts === undefined) {
      const facts = new Map<string, NameFact>();
      for (const fact of this.#program.facts) facts.set(placeKey(fact.source), fact);
      this.#facts = facts;
    }
    return this.#facts.get(placeKey({ start, end }));
  }

  /** Of a value the assignment before; else the first place that the declaration has for it. */
  #local(occurrence: Occurrence): Meaning {
    const { owner, name } = occurrence;
    const fact = this.#fact(occurrence);
    const first = this.#occurrences().find(
      (other) => other.owner === owner && other.name === name && isLocal(other),
    );
    const definition = fact?.definition ?? this.#at(first ?? occurrence);
    return { id: `${this.#uri}|${ownerName(owner)}|${name}`, definition, fact };
  }

  #dim(occurrence: Occurrence): Meaning {
    const { name, owner } = occurrence;
    const declaration = this.#program.dims.get(name);
    // What the file does not declare is a generic of the block's header.
    if (declaration === undefined && owner.$type === 'Block') return this.#local(occurrence);
    const fact = this.#fact(occurrence);
    return { id: dimId(name), definition: declaration?.source, fact };
  }

  #callable(name: string): Meaning | undefined {
    const block = targetNamed(this.#program, name);
    if (block === undefined) return undefined;
    const id = block.name === name ? `block|${block.key}` : `alias|${this.#uri}|${name}`;
    return { id, definition: block.source, block };
  }

  #key({ name, callee = '' }: Occurrence): Meaning | undefined {
    const block = targetNamed(this.#program, callee);
    const parameter = block?.parameters.find((candidate) => candidate.name === name);
    if (block !== undefined && parameter !== undefined) {
      const id = `${block.uri}|block ${block.name}|${name}`;
      const fact = this.#lookUp(block.uri)?.program.facts.find(
        ({ source }) => source.start === parameter.source.start && source.uri === block.uri,
      );
      return { id, definition: parameter.source, fact };
    }
    const operator = opNamed(callee) ?? sourceNamed(callee);
    return operator && { id: `op|${callee}|${name}`, definition: undefined, operator };
  }

  #import(occurrence: Occurrence): Meaning | undefined {
    const { owner, name, kind } = occurrence;
    if (owner.$type !== 'Import') return undefined;
    const item = owner.items.find((candidate) =>
      kind === 'alias' ? candidate.alias === name : candidate.name === name,
    );
    const block = targetNamed(this.#program, item?.alias ?? name);
    if (block === undefined) return undefined;
    const id = kind === 'alias' ? `alias|${this.#uri}|${name}` : `block|${block.key}`;
    return { id, definition: block.source, block };
  }

  #declared(kind: 'run' | 'weights', name: string): SourceRange | undefined {
    const { runs, weights } = this.#program;
    return kind === 'run'
      ? runs.find((run) => run.name === name)?.source
      : weights.get(name)?.source;
  }

  // -------------------------------------------------------------- runs

  #setting({ owner, name }: Occurrence): Meaning | undefined {
    const target = this.#targetOf(owner);
    const parameter = target?.parameters.find((candidate) => candidate.name === name);
    const input = target?.body.find((each) => each.kind === 'input' && each.name === name);
    const definition =
      parameter?.source ?? (input?.kind === 'input' ? input.nameSource : undefined);
    if (target === undefined || definition === undefined) return undefined;
    return { id: `${target.uri}|${target.kind} ${target.name}|${name}`, definition };
  }

  #targetOf(owner: Declaration): CheckedBlock | undefined {
    if (owner.$type === 'Run') return targetNamed(this.#program, owner.subject);
    if (owner.$type !== 'Weights') return undefined;
    return targetOfMapping(this.#program, owner.name);
  }

  #path({ owner, parts = [] }: Occurrence): Meaning | undefined {
    const [first = '', ...others] = parts;
    const run = this.#program.runs.find((candidate) => candidate.name === first);
    // `demo.blocks.0.attn`: a value of another run; a value of that name goes before.
    const isRun = run !== undefined && this.#resolve(this.#targetOf(owner), parts) === undefined;
    if (isRun && others.length === 0) {
      return { id: `run|${this.#uri}|${first}`, definition: run.source };
    }
    const target = isRun ? targetNamed(this.#program, run.target) : this.#targetOf(owner);
    const entry = this.#resolve(target, isRun ? others : parts);
    if (entry === undefined) {
      const dim = parts.length === 1 ? this.#program.dims.get(first) : undefined;
      return dim && { id: dimId(first), definition: dim.source };
    }
    const { source } = entry;
    const file = this.#lookUp(source.uri);
    const named = file?.occurrences.find(
      ({ start, end }) => start === source.start && end === source.end,
    );
    const meaning = named && file?.meaning(named);
    // Without `as` the label is the block's name in another spelling.
    const id = meaning?.id ?? `${source.uri}|${source.start}`;
    return { id, definition: source, path: entry, fact: meaning?.fact, block: entry.block };
  }

  #resolve(target: CheckedBlock | undefined, parts: readonly string[]): PathEntry | undefined {
    if (target === undefined) return undefined;
    const roots = this.#roots.get(target.key) ?? pathEntries(this.#program, target);
    this.#roots.set(target.key, roots);
    const { resolved } = followPath(roots, parts);
    return resolved.length === parts.length ? resolved.at(-1)?.entry : undefined;
  }
}

/** The model that a mapping is for: that of the run that uses it, else the first. */
export function targetOfMapping(program: CheckedProgram, name: string): CheckedBlock | undefined {
  const user = program.runs.find(
    ({ weights }) => weights?.kind === 'mapping' && weights.name === name,
  );
  return user === undefined ? [...program.models.values()][0] : targetNamed(program, user.target);
}

function operatorMeaning(name: string): Meaning | undefined {
  const operator = opNamed(name) ?? sourceNamed(name);
  return operator && { id: `op|${name}`, definition: undefined, operator };
}

function isLocal({ kind }: Occurrence): boolean {
  return (
    kind === 'value' ||
    kind === 'argument' ||
    kind === 'parameter' ||
    kind === 'input' ||
    kind === 'local dim' ||
    kind === 'dim'
  );
}

function placeKey({ start, end }: { readonly start: number; readonly end: number }): string {
  return `${start}-${end}`;
}

/** `block B`, `model M`. */
export function ownerName(owner: Declaration): string {
  return 'name' in owner ? `${owner.$type.toLowerCase()} ${owner.name}` : owner.$type;
}
