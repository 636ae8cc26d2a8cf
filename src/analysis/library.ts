/** The standard library: written in the language, checked once. */
import preludeText from '../ops/prelude.tblock';
import { type CheckedProgram, checkProgram } from '../shapes/index.ts';
import { parseProgram } from '../syntax/index.ts';

export { preludeText };

/** What the editor shows on go to definition. */
export const preludeUri = 'tblock:/prelude.tblock';

let checked: CheckedProgram | undefined;

export function standardLibrary(): CheckedProgram {
  checked ??= checkProgram({
    uri: preludeUri,
    text: preludeText,
    ...parseProgram(preludeText),
    library: undefined,
    imported: () => undefined,
  });
  return checked;
}
