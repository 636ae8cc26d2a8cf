/** Files that are not read, because they lie outside of the workspace or because the window is not trusted. */
import { type Diagnostic, diagnostic } from '../shapes/index.ts';
import type { Analysis } from './analysis.ts';
import { importedFiles, type NamedFile } from './named-files.ts';

/** Outside of the workspace each file has its message; in Restricted Mode one is enough for all of them. */
export function withheldOf(
  { withheld }: Pick<Analysis, 'withheld'>,
  files: readonly NamedFile[],
): readonly Diagnostic[] {
  const outside = files.filter(({ file }) => withheld(file) === 'outside');
  const restricted = files.filter(({ file }) => withheld(file) === 'restricted');
  return [...outside.map(outsideProblem), ...restrictedNote(restricted)];
}

/** The imports, of the file and of those that it imports, that could not be followed. */
export function withheldImports({ files }: Pick<Analysis, 'files'>): readonly Diagnostic[] {
  return [...files].flatMap(([uri, { parsed, imported }]) =>
    importedFiles({ uri, syntax: parsed })
      .filter(({ file }) => imported.get(file) === 'withheld')
      .map(outsideProblem),
  );
}

export function outsideText(file: string): string {
  return `${file} lies outside of this workspace, and is not read until you allow its folder (TBlock: Allow Folder…).`;
}

function outsideProblem({ file, source }: NamedFile): Diagnostic {
  return diagnostic('fileOutside', source, outsideText(file));
}

function restrictedNote(files: readonly NamedFile[]): readonly Diagnostic[] {
  const [first] = [...files].sort((a, b) => a.source.start - b.source.start);
  if (first === undefined) return [];
  const others = new Set(files.map(({ file }) => file)).size - 1;
  const what =
    others === 0
      ? `${first.file} is not read`
      : `${first.file} and ${others} other ${others === 1 ? 'file' : 'files'} are not read`;
  const message = `Restricted Mode: ${what} until you trust this folder.`;
  return [diagnostic('fileRestricted', first.source, message)];
}
