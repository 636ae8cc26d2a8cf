/** All lints. */
import type { Diagnostic } from '../../shapes/index.ts';
import type { Lint, Subject } from './lint.ts';
import { unusedDims } from './unused-dims.ts';
import { unusedValues } from './unused-values.ts';

/** In the order of their codes. */
const lints: readonly Lint[] = [unusedDims, unusedValues];

/** What the lints find in the file itself: another file's are shown there. */
export function lint(subject: Subject): readonly Diagnostic[] {
  const { uri } = subject.analysis;
  return lints.flatMap((each) => each.check(subject).filter(({ source }) => source.uri === uri));
}
