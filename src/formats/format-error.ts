/** What can go wrong with a file, told in sentences that name the file, what was found and the way out. */
import { t } from '@vscode/l10n';

/**
 * - `missing`: there is no such file
 * - `unreadable`: the file is there and cannot be read (permissions, a folder, a device)
 * - `unwritable`: the file cannot be written
 * - `truncated`: the file ends before its header or its data does
 * - `header`: the header is not what the format says
 * - `dtype`: an element type that is not read, or not as the asked kind of number
 * - `layout`: shape, size and position of the data contradict each other
 * - `range`: a number, or a whole tensor, is too large for what should hold it
 * - `name`: no tensor of that name, or a name the format reserves
 * - `withheld`: the file is not to be read by whoever asks
 */
export type FormatErrorCode =
  | 'missing'
  | 'unreadable'
  | 'unwritable'
  | 'truncated'
  | 'header'
  | 'dtype'
  | 'layout'
  | 'range'
  | 'name'
  | 'withheld';

export interface FormatError {
  readonly code: FormatErrorCode;
  /** Whole sentences, ready to be shown. */
  readonly message: string;
}

/** `found` completes `Cannot read "path": …`; `wayOut` is a sentence of its own. */
export function readError(
  code: FormatErrorCode,
  path: string,
  found: string,
  wayOut: string,
): FormatError {
  return { code, message: t`Cannot read "${path}": ${found}. ${wayOut}` };
}

/** `found` completes `Cannot write "path": …`; `wayOut` is a sentence of its own. */
export function writeError(
  code: FormatErrorCode,
  path: string,
  found: string,
  wayOut: string,
): FormatError {
  return { code, message: t`Cannot write "${path}": ${found}. ${wayOut}` };
}

/** Text that came out of a file, quoted and cut to a length that fits a message. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}
