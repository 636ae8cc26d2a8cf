/** Names in one scope while the graph is built, and the paths that they turn out to have (LANGUAGE §8). */
import type { SourceRange } from '../trace/index.ts';
import type { Draft } from './draft.ts';

/** A value under a name, and where the text gives it that name. */
interface Named {
  readonly draft: Draft;
  readonly source: SourceRange;
}

/** Where parameters live: a tree of labels. Scopes that share parameters share their table. */
export class ParameterTable {
  readonly path: string;
  readonly parameters = new Map<string, Draft>();
  readonly #children = new Map<string, ParameterTable>();

  constructor(path: string) {
    this.path = path;
  }

  child(label: string): ParameterTable {
    const existing = this.#children.get(label);
    if (existing !== undefined) return existing;
    const created = new ParameterTable(joinPath(this.path, label));
    this.#children.set(label, created);
    return created;
  }
}

/** The values of a block's call, a repeat's copy or the model itself. */
export class Scope {
  readonly parameters: ParameterTable;
  readonly #versions = new Map<string, Named[]>();
  /** By label; several where an explicit label stands at several calls. */
  readonly #children = new Map<string, Scope[]>();
  /** Results of calls under their labels. */
  readonly #results = new Map<string, Named[]>();

  constructor(parameters: ParameterTable) {
    this.parameters = parameters;
  }

  /** A new version of a name. */
  define(name: string, draft: Draft, source: SourceRange): void {
    draft.claimed = true;
    const versions = this.#versions.get(name) ?? [];
    this.#versions.set(name, [...versions, { draft, source }]);
  }

  /** A label that nothing has yet: `name`, `name_2`, … */
  freeLabel(name: string, options: { readonly besideValue: boolean }): string {
    const taken = (label: string) =>
      this.#children.has(label) || (!options.besideValue && this.#versions.has(label));
    if (!taken(name)) return name;
    let count = 2;
    while (taken(`${name}_${count}`)) count += 1;
    return `${name}_${count}`;
  }

  openChild(label: string): Scope {
    const child = new Scope(this.parameters.child(label));
    this.#addChild(label, child);
    return child;
  }

  /** One copy of a repeat; `shared` copies have one set of parameters. */
  openCopy(label: string, index: number, parameters: 'own' | 'shared'): Scope {
    const table = this.parameters.child(label);
    const copy = new Scope(parameters === 'own' ? table.child(`${index}`) : table);
    this.#addChild(`${label}.${index}`, copy);
    return copy;
  }

  reserve(label: string): void {
    if (!this.#children.has(label)) this.#children.set(label, []);
  }

  result(label: string, draft: Draft, source: SourceRange): void {
    draft.claimed = true;
    this.#results.set(label, [...(this.#results.get(label) ?? []), { draft, source }]);
  }

  #addChild(label: string, child: Scope): void {
    this.#children.set(label, [...(this.#children.get(label) ?? []), child]);
  }

  /** Gives every value its paths. */
  name(prefix: string, paths: PathTable): void {
    for (const [name, versions] of this.#versions) {
      nameVersions(joinPath(prefix, name), versions, paths);
    }
    for (const [label, drafts] of this.#results) {
      if (!this.#versions.has(label)) nameVersions(joinPath(prefix, label), drafts, paths);
    }
    for (const [label, children] of this.#children) {
      children.forEach((child, i) => {
        const segment = children.length > 1 ? `${label}#${i}` : label;
        child.name(joinPath(prefix, segment), paths);
      });
    }
    for (const [name, draft] of this.parameters.parameters) {
      paths.add(joinPath(this.parameters.path, name), { draft, source: draft.source });
    }
  }
}

/** Every path and what it stands for; bare names of several versions are aliases. */
export class PathTable {
  readonly values = new Map<string, Draft>();
  readonly aliases = new Map<string, string>();
  /** Where the text names each path. */
  readonly sources = new Map<string, SourceRange>();

  add(path: string, { draft, source }: Named): void {
    if (this.values.has(path)) return;
    this.values.set(path, draft);
    this.sources.set(path, source);
    draft.path ??= path;
  }

  /** A path as the user writes it. */
  find(path: string): Draft | undefined {
    return this.values.get(this.aliases.get(path) ?? path);
  }
}

export function joinPath(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`;
}

function nameVersions(path: string, versions: readonly Named[], paths: PathTable): void {
  const [only] = versions;
  if (versions.length === 1 && only !== undefined) {
    paths.add(path, only);
    return;
  }
  versions.forEach((version, i) => {
    paths.add(`${path}#${i}`, version);
  });
  paths.aliases.set(path, `${path}#${versions.length - 1}`);
}
