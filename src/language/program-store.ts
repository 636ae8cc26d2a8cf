/** The open programs and what is known of them: analysed when first asked, again only after what they read has changed. */
import { totalmem } from 'node:os';
import {
  type Analysis,
  analyze,
  applyIgnores,
  type Devices,
  type FileAccess,
  findingsOf,
  type Machine,
  preludeText,
  preludeUri,
} from '../analysis/index.ts';
import { pathOnDisk, type ReadingScope, withheldFrom } from '../files/index.ts';
import type { Diagnostic } from '../shapes/index.ts';
import { LineMap } from '../syntax/index.ts';
import { canonicalUri, isFile, readFileText, resolvePath } from './file-addresses.ts';
import { offsetMap } from './text-edits.ts';
import { programFiles } from './workspace-files.ts';

/** A program as it stands in the editor, with everything that is known of it. */
export interface OpenProgram {
  /** As the editor spells it. */
  readonly uri: string;
  readonly version: number;
  readonly lines: LineMap;
  readonly analysis: Analysis;
  /** What is shown: what checking finds at once, and what laying out the runs has found so far. */
  readonly findings: readonly Diagnostic[];
  /** Uris of files that it names and that lie outside of the scope. */
  readonly outside: ReadonlySet<string>;
  /** Whether the file or folder of a path, as a program writes it, may be looked at. */
  readonly mayRead: (path: string) => boolean;
}

interface OpenDocument {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
  known?: { readonly program: OpenProgram; readonly reads: ReadonlySet<string> } | undefined;
  /** Of an earlier text, whose declarations that are still there need not be checked again. */
  before?: OpenProgram | undefined;
}

export class ProgramStore {
  readonly #documents = new Map<string, OpenDocument>();
  readonly #readFile: (uri: string) => string | undefined;
  /** Programs that are not open, as they were when somebody last asked. */
  readonly #closed = new Map<string, Analysis>();
  /** What runs have to fit into. */
  #machine: Machine = { memory: totalmem() };
  /** Texts of a virtual workspace, which only the editor can read; undefined where it has none. */
  readonly #virtual = new Map<string, string | undefined>();
  #scope: ReadingScope | undefined;
  /** Folders that the editor has open. */
  folders: readonly string[] = [];
  /** Takes the uris of files that only the editor can read; the answers come back with `setVirtual`. */
  onWanted: (uri: string) => void = () => {};

  /** @param readFile the text of a file that is not open */
  constructor(readFile: (uri: string) => string | undefined = readFileText) {
    this.#readFile = readFile;
  }

  /** Which files may be read; all where nobody said. */
  get scope(): ReadingScope | undefined {
    return this.#scope;
  }

  /** Answers every open program: each may read more now, or less. */
  setScope(scope: ReadingScope | undefined): readonly string[] {
    this.#scope = scope;
    this.#closed.clear();
    this.#virtual.clear();
    for (const document of this.#documents.values()) {
      document.before = undefined;
      document.known = undefined;
    }
    return [...this.#documents.values()].map(({ uri }) => uri);
  }

  /** The text of a file of a virtual workspace; undefined where there is none. Answers the programs that read it. */
  setVirtual(uri: string, text: string | undefined): readonly string[] {
    this.#virtual.set(canonicalUri(uri), text);
    return this.changed(uri);
  }

  /** The texts of a virtual workspace that a program reads, by uri. */
  virtualTexts(uri: string): Readonly<Record<string, string>> {
    const reads = this.#documents.get(canonicalUri(uri))?.known?.reads ?? [];
    return Object.fromEntries(
      [...reads].flatMap((read) => {
        const text = this.#virtual.get(read);
        return text === undefined ? [] : [[read, text]];
      }),
    );
  }

  /** Why a program must not read a file; undefined for one that is open, or that it may read. */
  withheld(program: string, file: string): 'restricted' | 'outside' | undefined {
    if (this.#documents.has(canonicalUri(file)) || file === preludeUri) return undefined;
    return withheldFrom(this.#scope, program, file);
  }

  /** Opens a document or replaces its text. Answers the open programs that this may change, itself first. */
  set(uri: string, version: number, text: string): readonly string[] {
    const was = this.#documents.get(canonicalUri(uri));
    const before = was?.known?.program ?? was?.before;
    this.#documents.set(canonicalUri(uri), { uri, version, text, before });
    return [uri, ...this.changed(uri)];
  }

  /** Forgets an editor's text: the file on the disk counts again. Answers the programs that this may change. */
  close(uri: string): readonly string[] {
    this.#documents.delete(canonicalUri(uri));
    return this.changed(uri);
  }

  /** Answers the other open programs that read a file, and analyses them afresh when they are asked for. */
  changed(uri: string): readonly string[] {
    const key = canonicalUri(uri);
    const dependants: string[] = [];
    for (const document of this.#documents.values()) {
      if (!document.known?.reads.has(key)) continue;
      document.before = document.known.program;
      document.known = undefined;
      dependants.push(document.uri);
    }
    return dependants;
  }

  /** Undefined where the document is not open. */
  program(uri: string): OpenProgram | undefined {
    const document = this.#documents.get(canonicalUri(uri));
    if (document === undefined) return undefined;
    document.known ??= this.#analyse(document);
    return document.known.program;
  }

  /** The program with all that laying out its runs finds. */
  settled(uri: string): OpenProgram | undefined {
    const program = this.program(uri);
    const known = this.#documents.get(canonicalUri(uri))?.known;
    if (program === undefined || known === undefined) return undefined;
    const settled = { ...program, findings: findingsOf(program.analysis, this.#machine) };
    Object.assign(known, { program: settled });
    return settled;
  }

  /** Runs have to fit into these from now on. Answers the programs that this may change. */
  setDevices(devices: Devices): readonly string[] {
    this.#machine = { ...this.#machine, devices };
    return this.open.map(({ uri }) => uri);
  }

  /** Every open program. */
  get open(): readonly OpenProgram[] {
    return [...this.#documents.values()].flatMap(({ uri }) => this.program(uri) ?? []);
  }

  /** The analyses of all programs that are open or lie in the editor's folders. */
  everyAnalysis(): readonly Analysis[] {
    const open = this.open.map(({ analysis }) => analysis);
    if (this.#scope?.isTrusted === false) return open;
    const seen = new Set(open.map(({ uri }) => uri));
    const closed = programFiles(this.folders)
      .map(canonicalUri)
      .filter((uri) => !seen.has(uri))
      .flatMap((uri) => this.#closedAnalysis(uri) ?? []);
    return [...open, ...closed];
  }

  /** The text of an open document. */
  openText(uri: string): string | undefined {
    return this.#documents.get(canonicalUri(uri))?.text;
  }

  /** The text of a file, open or not, or of the standard library. */
  text(uri: string): string | undefined {
    return this.#text(canonicalUri(uri));
  }

  /** The lines of a file, open or not, so that a place in it can be named; empty where it cannot be read. */
  lines(uri: string): LineMap {
    const open = this.#documents.get(canonicalUri(uri))?.known?.program.lines;
    return open ?? new LineMap(this.#text(canonicalUri(uri)) ?? '');
  }

  /** The address by which the editor knows a file: its own spelling where it is open. */
  editorUri(uri: string): string {
    return this.#documents.get(canonicalUri(uri))?.uri ?? uri;
  }

  #closedAnalysis(uri: string): Analysis | undefined {
    const text = this.#text(uri);
    if (text === undefined) return undefined;
    const before = this.#closed.get(uri);
    const files: FileAccess = {
      readText: (other) => this.#text(canonicalUri(other)),
      resolve: resolvePath,
      withheld: (other) => this.withheld(uri, other),
    };
    const analysis = analyze(uri, text, files, { before });
    this.#closed.set(uri, analysis);
    return analysis;
  }

  #analyse(document: OpenDocument): NonNullable<OpenDocument['known']> {
    const reads = new Set<string>();
    const outside = new Set<string>();
    const files: FileAccess = {
      withheld: (uri) => {
        const why = this.withheld(document.uri, uri);
        // What is opened later may be read then.
        if (why !== undefined) reads.add(canonicalUri(uri));
        if (why === 'outside') outside.add(uri);
        return why;
      },
      readText: (uri) => {
        reads.add(canonicalUri(uri));
        return this.#text(canonicalUri(uri));
      },
      resolve: resolvePath,
      exists: isFile,
    };
    const { before, uri, version, text } = document;
    document.before = undefined;
    const analysis = analyze(canonicalUri(uri), text, files, { before: before?.analysis });
    const findings = [...withoutIgnored(analysis), ...lateFindings(before, text)];
    const lines = new LineMap(text);
    const mayRead = (path: string) => this.withheld(uri, resolvePath(uri, path)) === undefined;
    return { program: { uri, version, lines, analysis, findings, outside, mayRead }, reads };
  }

  /** Not known the first time: the editor is asked, and the program checked again with the answer. */
  #virtualText(key: string): string | undefined {
    if (!this.#virtual.has(key)) {
      this.#virtual.set(key, undefined);
      this.onWanted(key);
    }
    return this.#virtual.get(key);
  }

  #text(key: string): string | undefined {
    if (key === preludeUri) return preludeText;
    const open = this.#documents.get(key)?.text;
    if (open !== undefined) return open;
    return pathOnDisk(key) === undefined ? this.#virtualText(key) : this.#readFile(key);
  }
}

/** What is wrong with the comments that silence is known when everything else is. */
function withoutIgnored({ uri, text, immediate }: Analysis): readonly Diagnostic[] {
  const kept = new Set(applyIgnores(uri, text, immediate));
  return immediate.filter((found) => kept.has(found));
}

/** What laying out the runs found before an edit, where the text still is as it was: shown until it is done again. */
function lateFindings(before: OpenProgram | undefined, text: string): readonly Diagnostic[] {
  if (before === undefined) return [];
  const { analysis, findings } = before;
  const late = findings.filter((found) => !analysis.immediate.includes(found));
  if (late.length === 0) return [];
  const now = offsetMap(analysis.text, text);
  return late.flatMap((found) => {
    const { uri } = found.source;
    const [start, end] = [now(found.source.start), now(found.source.end)];
    if (uri !== analysis.uri || start === undefined || end === undefined) return [];
    // Places of fixes and causes may have moved otherwise.
    return [{ ...found, source: { uri, start, end }, related: [], fixes: [] }];
  });
}
