/** The paths of a model or block (LANGUAGE §8) as a tree, read from its checked statements without building any graph. */
import type { Dim } from '../dims/index.ts';
import type {
  CallLabel,
  CheckedBlock,
  CheckedProgram,
  Expression,
  RepeatStatement,
  Statement,
  TensorType,
} from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';

/** One part of a path, and what may follow it. */
export interface PathEntry {
  readonly name: string;
  readonly kind: 'parameter' | 'input' | 'value' | 'call' | 'repeat';
  /** Where the text gives it its name. */
  readonly source: SourceRange;
  readonly type: TensorType | undefined;
  /** How often it gets a value: `x#0`, `x#1`, … */
  readonly versions: number;
  /** The block that is called. */
  readonly block: CheckedBlock | undefined;
  /** Of a repeat, whose copies are numbered. */
  readonly copies: Dim | undefined;
  /** What follows the name, or the number of a copy. */
  readonly children: () => readonly PathEntry[];
}

/** The first parts of the paths of a model or block. */
export function pathEntries(program: CheckedProgram, target: CheckedBlock): readonly PathEntry[] {
  const scope = new EntryScope(program);
  for (const { name, kind, source, type } of target.parameters) {
    if (kind === 'tensor') scope.value({ name, source, type }, 'value');
  }
  scope.statements(target.body);
  return scope.entries;
}

interface Named {
  readonly name: string;
  readonly source: SourceRange;
  readonly type?: TensorType | undefined;
}

class EntryScope {
  readonly #program: CheckedProgram;
  readonly #entries = new Map<string, PathEntry>();

  constructor(program: CheckedProgram) {
    this.#program = program;
  }

  get entries(): readonly PathEntry[] {
    return [...this.#entries.values()];
  }

  statements(body: readonly Statement[]): void {
    for (const statement of body) this.#statement(statement);
  }

  /** A new version of a name. */
  value({ name, source, type }: Named, kind: PathEntry['kind']): void {
    if (name === '') return;
    const before = this.#entries.get(name);
    this.#entries.set(name, {
      ...(before ?? { name, kind, block: undefined, copies: undefined, children: () => [] }),
      source: before?.source ?? source,
      type: type ?? before?.type,
      versions: (before?.versions ?? 0) + 1,
    });
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case 'param':
      case 'input': {
        const { name, nameSource: source, type } = statement;
        this.value({ name, source, type }, statement.kind === 'param' ? 'parameter' : 'input');
        return;
      }
      case 'assign':
        this.#calls(statement.value);
        for (const target of statement.targets) {
          this.value({ ...target, type: statement.declared }, 'value');
        }
        return;
      case 'write':
        this.#calls(statement.value);
        this.value(statement.target, 'value');
        return;
      case 'repeat':
        this.#repeat(statement);
        return;
      case 'if':
        this.statements([...statement.consequent, ...statement.otherwise]);
        return;
      case 'return':
      case 'output':
        this.#calls(statement.value);
        if (statement.name !== undefined) {
          this.value({ name: statement.name, source: statement.nameSource }, 'value');
        }
        return;
    }
  }

  /** Calls take their labels in the order of the text, arguments before what they are given to. */
  #calls(expression: Expression): void {
    switch (expression.kind) {
      case 'apply':
        for (const { value } of expression.operands) this.#calls(value);
        return;
      case 'call':
        for (const argument of expression.arguments.values()) this.#calls(argument);
        this.#call(expression.block, expression.label);
        return;
      case 'function call':
        this.#calls(expression.argument);
        return;
      case 'output':
        this.#calls(expression.value);
        return;
      default:
        return;
    }
  }

  #call(key: string, label: CallLabel): void {
    const block = this.#program.blocks.get(key);
    const name = label.kind === 'explicit' ? label.name : this.#free(label.name, label.kind);
    const before = this.#entries.get(name);
    this.#entries.set(name, {
      name,
      kind: 'call',
      source: before?.source ?? label.source,
      type: block?.result,
      versions: before?.versions ?? 0,
      block,
      copies: undefined,
      children: () => (block === undefined ? [] : pathEntries(this.#program, block)),
    });
  }

  /** `norm`, `norm_2`, …; a variable's own name stands beside its value. */
  #free(name: string, kind: CallLabel['kind']): string {
    const taken = (label: string) => {
      const entry = this.#entries.get(label);
      return entry !== undefined && (entry.block !== undefined || kind !== 'variable');
    };
    if (!taken(name)) return name;
    let count = 2;
    while (taken(`${name}_${count}`)) count += 1;
    return `${name}_${count}`;
  }

  #repeat(statement: RepeatStatement): void {
    const name = statement.label ?? this.#free('repeat', 'block');
    const [only] = statement.body;
    const called =
      statement.body.length === 1 && only?.kind === 'assign' && only.value.kind === 'call'
        ? only.value
        : undefined;
    // A single call without `as` is transparent: its contents are the copy's own.
    const block =
      called?.label.kind === 'variable' ? this.#program.blocks.get(called.block) : undefined;
    this.#entries.set(name, {
      name,
      kind: 'repeat',
      source: statement.labelSource ?? statement.countSource,
      type: undefined,
      versions: 0,
      block: undefined,
      copies: statement.count,
      children: () => (block ? pathEntries(this.#program, block) : this.#inCopy(statement)),
    });
    for (const target of statement.carried) this.value(target, 'value');
  }

  #inCopy({ body, carried }: RepeatStatement): readonly PathEntry[] {
    const copy = new EntryScope(this.#program);
    for (const { name, source } of carried) {
      copy.value({ name, source, type: this.#entries.get(name)?.type }, 'value');
    }
    copy.statements(body);
    return copy.entries;
  }
}

/** A part of a written path, resolved. */
export interface ResolvedPart {
  /** Undefined for the number of a copy. */
  readonly entry: PathEntry | undefined;
  readonly text: string;
}

/** The parts of a path as far as they are known, and what may come next. */
export function followPath(
  roots: readonly PathEntry[],
  parts: readonly string[],
): {
  readonly resolved: readonly ResolvedPart[];
  readonly next: readonly PathEntry[];
  readonly awaitsIndex: PathEntry | undefined;
} {
  const resolved: ResolvedPart[] = [];
  let next = roots;
  let repeat: PathEntry | undefined;
  for (const text of parts) {
    if (repeat !== undefined) {
      resolved.push({ entry: undefined, text });
      next = repeat.children();
      repeat = undefined;
      continue;
    }
    const name = text.replace(/#.*$/, '');
    const entry = next.find((candidate) => candidate.name === name);
    if (entry === undefined) return { resolved, next: [], awaitsIndex: undefined };
    resolved.push({ entry, text });
    if (entry.copies !== undefined) repeat = entry;
    next = entry.copies === undefined ? entry.children() : [];
  }
  return { resolved, next, awaitsIndex: repeat };
}
