/** All lints. */
import { type Diagnostic, DiagnosticList } from '../../shapes/index.ts';
import type { Analysis } from '../analysis.ts';
import { sketchOf } from '../cost.ts';
import { headWidth } from './head-width.ts';
import { hasError, type Lint, type Sketched } from './lint.ts';
import { missingFiles } from './missing-files.ts';
import { missingFinalNorm } from './missing-final-norm.ts';
import { missingScale } from './missing-scale.ts';
import { normedResidual } from './normed-residual.ts';
import { notStackable } from './not-stackable.ts';
import { rankRaised } from './rank-raised.ts';
import { seesFuture } from './sees-future.ts';
import { sharedByMistake } from './shared-by-mistake.ts';
import { softmaxAxis } from './softmax-axis.ts';
import { unusedDims } from './unused-dims.ts';
import { unusedValues } from './unused-values.ts';
import { withheldFiles } from './withheld-files.ts';

/** In the order of their codes. */
const lints: readonly Lint[] = [
  missingFiles,
  withheldFiles,
  unusedDims,
  unusedValues,
  missingScale,
  seesFuture,
  softmaxAxis,
  rankRaised,
  normedResidual,
  missingFinalNorm,
  headWidth,
  notStackable,
  sharedByMistake,
];

/** What the lints find in the file itself: another file's are shown there. The same finding counts once. */
export function lint(analysis: Analysis): readonly Diagnostic[] {
  const subject = { analysis, sketches: sketchesOf(analysis) };
  const found = new DiagnosticList();
  for (const each of lints.flatMap(({ check }) => check(subject))) {
    if (each.source.uri === analysis.uri) found.add(each);
  }
  return found.all;
}

/** A block before the models that call it: what is wrong with it is said in its own dims. One mistake, one message. */
function sketchesOf(analysis: Analysis): readonly Sketched[] {
  const { blocks, models } = analysis.program;
  return [...blocks.values(), ...models.values()]
    .filter((block) => block.uri === analysis.uri && !hasError(analysis, block))
    .flatMap((target) => {
      const sketch = sketchOf(analysis, target);
      return sketch === undefined ? [] : [{ target, sketch }];
    });
}
