/** TB319: parameters that several steps share though nothing says that they should. */
import { t } from '@vscode/l10n';
import { literalOf } from '../../dims/index.ts';
import type { Sketch, SketchCall } from '../../graph/index.ts';
import {
  type CheckedBlock,
  type Diagnostic,
  diagnostic,
  type RepeatStatement,
  type Statement,
} from '../../shapes/index.ts';
import type { SourceRange } from '../../trace/index.ts';
import type { Analysis } from '../analysis.ts';
import type { Lint } from './lint.ts';
import { dependsOn, sameCallers } from './sketches.ts';

export const sharedByMistake: Lint = {
  codes: ['sharedByMistake'],
  check: ({ analysis, sketches }) =>
    sketches.flatMap(({ target, sketch }) => [
      ...sharedLabels(analysis, sketch),
      ...sharedByCopies(analysis, target),
    ]),
};

/** Two calls under one label, of which the second works on what came of the first: steps, not two uses of one map. */
function sharedLabels(analysis: Analysis, sketch: Sketch): readonly Diagnostic[] {
  return sketch.calls.flatMap((call, at) => {
    const earlier = sketch.calls
      .slice(0, at)
      .find((other) => shareLabel(analysis, other, call) && follows(sketch, other, call));
    if (earlier === undefined || call.label.uri !== analysis.uri) return [];
    const name = analysis.textOf(call.label);
    const message = t`This call has the label ${name} of an earlier one that it builds on, so both have one set of parameters.`;
    const related = [{ source: earlier.label, message: t`shared with this call` }];
    const edits = [{ source: call.label, text: `${name}_2` }];
    return [
      diagnostic('sharedByMistake', call.label, message, {
        related,
        fixes: [{ title: t`Label it ${name}_2`, edits }],
      }),
    ];
  });
}

function shareLabel(analysis: Analysis, a: SketchCall, b: SketchCall): boolean {
  return (
    a.block.key === b.block.key &&
    a.label.uri === b.label.uri &&
    a.label.start !== b.label.start &&
    sameCallers(a.callers, b.callers) &&
    isExplicit(analysis, a.label) &&
    isExplicit(analysis, b.label) &&
    analysis.textOf(a.label) === analysis.textOf(b.label)
  );
}

/** After `as`. */
function isExplicit({ text, uri }: Analysis, label: SourceRange): boolean {
  return (
    label.uri === uri && /\bas\s+$/.test(text.slice(Math.max(0, label.start - 12), label.start))
  );
}

function follows(sketch: Sketch, first: SketchCall, second: SketchCall): boolean {
  return second.inputs.some((input) => dependsOn(sketch, input, first.result));
}

/** A parameter declared before a repeat and used by its copies alone. */
function sharedByCopies(analysis: Analysis, block: CheckedBlock): readonly Diagnostic[] {
  const repeats = block.body.filter((s): s is RepeatStatement => s.kind === 'repeat' && !s.shared);
  return block.body.flatMap((statement: Statement): readonly Diagnostic[] => {
    if (statement.kind !== 'param' || statement.type.shape.axes.length < 2) return [];
    const uses = usesOf(analysis, block, statement.name, statement.nameSource);
    const around = repeats.find(
      ({ source, count }) =>
        literalOf(count) !== 1 &&
        uses.every((use) => use.start > source.start && use.end < source.end),
    );
    if (uses.length === 0 || around === undefined) return [];
    const message = t`${statement.name} is declared before the repeat that uses it, so all copies have one ${statement.name}.`;
    const related = [{ source: around.source, message: t`used by every copy of this` }];
    return [diagnostic('sharedByMistake', statement.nameSource, message, { related })];
  });
}

function usesOf(
  { program }: Analysis,
  { extent }: CheckedBlock,
  name: string,
  declared: SourceRange,
): readonly SourceRange[] {
  return program.facts
    .filter(
      (fact) =>
        fact.name === name &&
        fact.source.uri === extent.uri &&
        fact.source.start >= extent.start &&
        fact.source.end <= extent.end &&
        fact.source.start !== declared.start,
    )
    .map(({ source }) => source);
}
