/**
 * What the check of an edited file keeps of the check before: the blocks and models whose own text and whose
 * surroundings are as they were. Checking after a keystroke is then the check of one declaration.
 */
import { type Block, documentationOf, type Model, rangeOf } from '../syntax/index.ts';
import { callsOf } from './calls.ts';
import type { Diagnostic, SourceRange } from './diagnostic.ts';
import type { TensorType } from './expression.ts';
import type { CheckedBlock, NameFact } from './program.ts';
import { type Move, shifted } from './shift.ts';

/** A block or model with everything that checking it found. What an edit only moves is moved when it is asked for. */
export interface CheckedUnit {
  readonly node: Block | Model;
  /** Its header and documentation as written. */
  readonly header: string;
  readonly name: string;
  readonly extent: SourceRange;
  readonly block: CheckedBlock;
  readonly returned: TensorType | undefined;
  readonly facts: readonly NameFact[];
  readonly diagnostics: readonly Diagnostic[];
  /** Keys of the blocks that it calls. */
  readonly callees: readonly string[];
  /** Names of blocks that it looked up. */
  readonly uses: ReadonlySet<string>;
  /** Where everything was when it was checked. */
  readonly places: Places;
}

/** What checking a declaration finds. */
export interface UnitFindings extends Pick<CheckedUnit, 'block' | 'returned' | 'facts' | 'uses'> {
  readonly diagnostics: readonly Diagnostic[];
}

/** What every declaration of a file sees: its dims, its imports, the names of its blocks. */
export interface Surroundings {
  readonly text: string;
  /** The programs behind imports, and the library. */
  readonly programs: readonly unknown[];
  /** Of the dims and imports. */
  readonly places: readonly SourceRange[];
}

export interface CheckMemory {
  readonly surroundings: Surroundings;
  readonly units: readonly CheckedUnit[];
}

/** The declarations of a file by what they are called, and its dims and imports. */
type Places = ReadonlyMap<string, SourceRange>;

interface Declared {
  readonly node: Block | Model;
  readonly key: string;
  readonly header: string;
  readonly extent: SourceRange;
}

/** A file's declarations while it is checked: which of them are known from the check before, and where all are. */
export class Recall {
  readonly #declared: ReadonlyMap<Block | Model, Declared>;
  readonly #places: Places;
  readonly #kept: ReadonlyMap<Block | Model, CheckedUnit>;
  /** From where declarations were when they were checked, which many of them share, to where they are. */
  readonly #moves = new Map<Places, Move | undefined>();

  constructor(
    file: { readonly uri: string; readonly text: string },
    nodes: readonly (Block | Model)[],
    surroundings: Surroundings,
    before: CheckMemory | undefined,
  ) {
    const declared = nodes.map((node) => declaredBy(file, node));
    this.#declared = new Map(declared.map((each) => [each.node, each]));
    this.#places = new Map([
      ...declared.map(({ key, extent }) => [key, extent] as const),
      ...surroundings.places.map((place, i) => [`${i}`, place] as const),
    ]);
    const keeps =
      before !== undefined &&
      sameSurroundings(before.surroundings, surroundings) &&
      // Of two declarations of a name, which one counts may change.
      new Set(declared.map(({ key }) => key)).size === declared.length;
    const kept = keeps ? reusableUnits(before.units, declared) : [];
    this.#kept = new Map(kept.map((unit) => [unit.node, this.#moved(unit)]));
  }

  kept(node: Block | Model): CheckedUnit | undefined {
    return this.#kept.get(node);
  }

  /** What was just checked, as a unit that the next check may keep. */
  unit(node: Block | Model, findings: UnitFindings): CheckedUnit {
    const { header, extent } = this.#declared.get(node) ?? {
      header: '',
      extent: findings.block.extent,
    };
    const callees = callsOf(findings.block.body).map(({ block }) => block);
    return { ...findings, node, header, extent, name: node.name, callees, places: this.#places };
  }

  #moved(unit: CheckedUnit): CheckedUnit {
    const { places } = unit;
    if (!this.#moves.has(places)) this.#moves.set(places, moveBetween(places, this.#places));
    const move = this.#moves.get(places);
    const origin = origins.get(unit) ?? unit;
    return move === undefined ? origin : movedUnit(origin, move);
  }
}

function declaredBy(
  file: { readonly uri: string; readonly text: string },
  node: Block | Model,
): Declared {
  const { start, end } = rangeOf(node);
  const known = headers.get(node);
  const header = known ?? headerOf(node, file.text.slice(start, end));
  if (known === undefined) headers.set(node, header);
  return {
    node,
    key: `${node.$type} ${node.name}`,
    header,
    extent: { uri: file.uri, start, end },
  };
}

/** A node lives as long as its text stays. */
const headers = new WeakMap<Block | Model, string>();

function headerOf(node: Block | Model, text: string): string {
  const brace = text.indexOf('{');
  return `${documentationOf(node) ?? ''}\n${brace < 0 ? text : text.slice(0, brace)}`;
}

function sameSurroundings(a: Surroundings, b: Surroundings): boolean {
  return (
    a.text === b.text &&
    a.programs.length === b.programs.length &&
    a.programs.every((program, i) => program === b.programs[i])
  );
}

/** A result that is written and could be read; else it is that of the body. */
function declaresResult({ block, diagnostics }: CheckedUnit): boolean {
  const { resultSource: written } = block;
  if (written === undefined) return false;
  return !diagnostics.some(
    ({ severity, source }) =>
      severity === 'error' && source.start >= written.start && source.end <= written.end,
  );
}

function reusableUnits(
  before: readonly CheckedUnit[],
  declared: readonly Declared[],
): readonly CheckedUnit[] {
  const units = new Map(before.map((unit) => [unit.node, unit]));
  const blocksBefore = new Map(before.map((unit) => [`${unit.node.$type} ${unit.name}`, unit]));
  const now = new Map(declared.map((each) => [each.key, each]));
  const verdicts = new Map<Declared, boolean>();
  /** Whether a block means to its callers what it meant before. */
  const means = (name: string): boolean => {
    const [was, is] = [blocksBefore.get(`Block ${name}`), now.get(`Block ${name}`)];
    if (was === undefined || is === undefined) return was === is;
    return was.header === is.header && (declaresResult(was) || holds(is));
  };
  const holds = (each: Declared): boolean => {
    const known = verdicts.get(each);
    if (known !== undefined) return known;
    // Until it is known: a block whose result depends on itself is checked again.
    verdicts.set(each, false);
    const unit = units.get(each.node);
    const verdict = unit !== undefined && [...unit.uses].every(means);
    verdicts.set(each, verdict);
    return verdict;
  };
  return declared.flatMap((each) => (holds(each) ? (units.get(each.node) ?? []) : []));
}

/** Undefined where nothing moves. */
function moveBetween(before: Places, now: Places): Move | undefined {
  const moves = [...before]
    .map(([key, from]) => ({ ...from, by: (now.get(key)?.start ?? from.start) - from.start }))
    .sort((a, b) => a.start - b.start)
    .filter(({ by }, i, all) => by !== (all[i - 1]?.by ?? 0));
  if (moves.length === 0) return undefined;
  return (source) => {
    const move = moves.findLast(({ start }) => start <= source.start);
    if (move === undefined || move.by === 0 || move.uri !== source.uri) return source;
    return { uri: source.uri, start: source.start + move.by, end: source.end + move.by };
  };
}

/** The unit as it was checked stays below, so that many edits move it once. */
function movedUnit(origin: CheckedUnit, move: Move): CheckedUnit {
  const { node, header, name, returned, uses, places, callees } = origin;
  const later = <T>(get: () => T): (() => T) => {
    let known: { readonly value: T } | undefined;
    return () => {
      known ??= { value: shifted(get(), move) };
      return known.value;
    };
  };
  const head = later(() => ({ ...origin.block, body: [] }));
  const body = later(() => origin.block.body);
  const block: CheckedBlock = Object.defineProperty({ ...head() }, 'body', {
    get: body,
    enumerable: true,
  });
  const facts = later(() => origin.facts);
  const diagnostics = later(() => origin.diagnostics);
  const moved: CheckedUnit = {
    ...{ node, header, name, returned, uses, places, callees, block },
    extent: move(origin.extent),
    get facts() {
      return facts();
    },
    get diagnostics() {
      return diagnostics();
    },
  };
  origins.set(moved, origin);
  return moved;
}

const origins = new WeakMap<CheckedUnit, CheckedUnit>();
