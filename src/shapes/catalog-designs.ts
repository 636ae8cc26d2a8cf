/** Diagnostics of designs that run but are not what was meant: TB3xx. Each is silenced on its line: `// tblock-ignore TB311`. */
import { type CatalogEntry, entry } from './catalog-entry.ts';

export const designCatalog = {
  unusedDim: entry(
    'TB301',
    'hint',
    'Unused dim',
    'Nothing in this file uses the dim: no shape, no expression, no other dim.',
    'Remove it, or use it where its value is written out.',
    'dims { N = 3, d_ff = 16 }\nblock B(x: [N]) -> [N] { return exp(x) }',
    'dims { N = 3 }\nblock B(x: [N]) -> [N] { return exp(x) }',
  ),
  unusedParameter: entry(
    'TB302',
    'hint',
    'Unused parameter',
    'A learned parameter or an argument of a block that nothing reads. It takes memory and learns nothing.',
    'Remove it, or use it.',
    'block B(x: [4]) -> [4] {\n param b: [4]\n return exp(x)\n}',
    'block B(x: [4]) -> [4] {\n param b: [4]\n return exp(x) + b\n}',
  ),
  unusedValue: entry(
    'TB303',
    'hint',
    'Unused value',
    'A value that nothing reads: no later statement, no output, and no run patches or expects it.',
    'Remove the statement, or use its value. A value that is there only to be looked at keeps its line with `// tblock-ignore TB303`.',
    'block B(x: [4]) -> [4] {\n y = exp(x)\n return x\n}',
    'block B(x: [4]) -> [4] {\n y = exp(x)\n return y\n}',
  ),
  unknownIgnore: entry(
    'TB304',
    'hint',
    'Ignored code is unknown',
    'A `tblock-ignore` comment names a code that no diagnostic has.',
    'Correct the code.',
    'block B(x: [4]) -> [4] { return exp(x) } // tblock-ignore TB999',
    'block B(x: [4]) -> [4] { return exp(x) }',
  ),
  unusedIgnore: entry(
    'TB305',
    'hint',
    'Nothing to ignore',
    'A `tblock-ignore` comment silences nothing: its line has no warning and no hint of that code. Errors cannot be silenced.',
    'Remove the comment.',
    'block B(x: [4]) -> [4] { return exp(x) } // tblock-ignore TB303',
    'block B(x: [4]) -> [4] { return exp(x) }',
  ),
} as const satisfies Record<string, CatalogEntry>;
