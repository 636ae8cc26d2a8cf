/** The open programs and what is known of them: analysed when first asked, again only after what they read has changed. */
import { type Analysis, analyze, preludeText, preludeUri } from '../analysis/index.ts';
import { LineMap } from '../syntax/index.ts';
import { canonicalUri, isFile, readFileText, resolvePath } from './file-addresses.ts';

/** A program as it stands in the editor, with everything that is known of it. */
export interface OpenProgram {
  /** As the editor spells it. */
  readonly uri: string;
  readonly version: number;
  readonly lines: LineMap;
  readonly analysis: Analysis;
}

interface OpenDocument {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
  known?: { readonly program: OpenProgram; readonly reads: ReadonlySet<string> };
}

export class ProgramStore {
  readonly #documents = new Map<string, OpenDocument>();
  readonly #readFile: (uri: string) => string | undefined;

  /** @param readFile the text of a file that is not open */
  constructor(readFile: (uri: string) => string | undefined = readFileText) {
    this.#readFile = readFile;
  }

  /** Opens a document or replaces its text. Answers the open programs that this may change, itself first. */
  set(uri: string, version: number, text: string): readonly string[] {
    this.#documents.set(canonicalUri(uri), { uri, version, text });
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
      delete document.known;
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

  /** The lines of a file, open or not, so that a place in it can be named; empty where it cannot be read. */
  lines(uri: string): LineMap {
    const open = this.#documents.get(canonicalUri(uri))?.known?.program.lines;
    return open ?? new LineMap(this.#text(canonicalUri(uri)) ?? '');
  }

  /** The address by which the editor knows a file: its own spelling where it is open. */
  editorUri(uri: string): string {
    return this.#documents.get(canonicalUri(uri))?.uri ?? uri;
  }

  #analyse(document: OpenDocument): NonNullable<OpenDocument['known']> {
    const reads = new Set<string>();
    const analysis = analyze(canonicalUri(document.uri), document.text, {
      readText: (uri) => {
        reads.add(canonicalUri(uri));
        return this.#text(canonicalUri(uri));
      },
      resolve: resolvePath,
      exists: isFile,
    });
    const { uri, version } = document;
    return { program: { uri, version, lines: new LineMap(document.text), analysis }, reads };
  }

  #text(key: string): string | undefined {
    if (key === preludeUri) return preludeText;
    return this.#documents.get(key)?.text ?? this.#readFile(key);
  }
}
