/** Files that are not read, because they lie outside of the workspace or because the window is not trusted. */
import { t } from '@vscode/l10n';
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
  return t`${file} lies outside of this workspace, and is not read until you allow its folder (TBlock: Allow Folder…).`;
}

function outsideProblem({ file, source }: NamedFile): Diagnostic {
  return diagnostic('fileOutside', source, outsideText(file));
}

function restrictedNote(files: readonly NamedFile[]): readonly Diagnostic[] {
  const [first] = [...files].sort((a, b) => a.source.start - b.source.start);
  if (first === undefined) return [];
  const others = new Set(files.map(({ file }) => file)).size - 1;
  const message =
    others === 0
      ? t`Restricted Mode: ${first.file} is not read until you trust this folder.`
      : others === 1
        ? t`Restricted Mode: ${first.file} and 1 other file are not read until you trust this folder.`
        : t`Restricted Mode: ${first.file} and ${others} other files are not read until you trust this folder.`;
  return [diagnostic('fileRestricted', first.source, message)];
}
