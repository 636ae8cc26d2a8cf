/** A file that a program names, as its run reads it: where it may be read from, and what is said where it may not. */
import { t } from '@vscode/l10n';
import { type FileAccess, outsideText } from '../analysis/index.ts';
import { pathOnDisk } from '../files/index.ts';
import type { FormatError, Result } from '../formats/index.ts';
import type { CodeName } from '../shapes/index.ts';

/**
 * Reads the file of that path, as written in `from`.
 * Errors: those of `read`; `withheld` where it must not be read; `missing` where it is on no disk of this machine.
 */
export function readNamed<Value>(
  files: FileAccess,
  from: string,
  name: string,
  read: (path: string) => Result<Value, FormatError>,
): Result<Value, FormatError> {
  const uri = files.resolve(from, name);
  const withheld = files.withheld?.(uri);
  if (withheld !== undefined) {
    return { ok: false, error: { code: 'withheld', message: withheldText[withheld](name) } };
  }
  const path = pathOnDisk(uri);
  return path === undefined ? { ok: false, error: elsewhere(name, uri) } : read(path);
}

/** The diagnostic for a file that could not be read. */
export function codeOfError({ code }: FormatError): CodeName {
  return code === 'withheld' ? 'fileOutside' : 'fileUnreadable';
}

const withheldText = {
  outside: outsideText,
  restricted: (name: string) =>
    t`${name} is not read in Restricted Mode. Trust this folder, and run again.`,
} as const;

function elsewhere(name: string, uri: string): FormatError {
  const message = uri.startsWith('untitled:')
    ? t`Cannot read "${name}": this program was never saved, so nothing lies beside it. Save it first.`
    : t`Cannot read "${name}": it is in a virtual workspace (${uri.split(':', 1).join()}:), and a run reads numbers from disks only. Open a copy of the folder on a disk.`;
  return { code: 'missing', message };
}
