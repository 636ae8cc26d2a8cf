/**
 * TB312 and TB320: a model that is causal in one place and lets a token see later ones in another, decided by how
 * positions travel through the graph (`positionReaches`), never by names.
 */
import { t } from '@vscode/l10n';
import type { NodeId, Sketch } from '../../graph/index.ts';
import { causallyMasked } from '../../ops/index.ts';
import { type Diagnostic, diagnostic, type Fix } from '../../shapes/index.ts';
import type { SourceRange } from '../../trace/index.ts';
import type { Analysis } from '../analysis.ts';
import { type PositionReach, positionReaches, type Reach } from '../reach.ts';
import type { Lint } from './lint.ts';
import { nameOf, operandsOf, placeIn, roleOf } from './sketches.ts';

export const seesFuture: Lint = {
  codes: ['seesFuture', 'unmaskedAttention'],
  check: ({ analysis, sketches }) =>
    sketches.flatMap(({ sketch }) =>
      positionReaches(sketch).flatMap((positions) => leaksOf(analysis, sketch, positions)),
    ),
};

function leaksOf(analysis: Analysis, sketch: Sketch, positions: PositionReach) {
  const { reach, masks, input } = positions;
  const [mask] = masks;
  const masking = mask === undefined ? undefined : sketch.nodes[mask];
  // Without a mask anywhere nothing says that the model is meant to be causal.
  if (masking === undefined) return [];
  const evidence = placeIn(analysis.uri, masking);
  const name = nameOf(sketch, input) || t`the input`;
  return sketch.nodes.flatMap(({ node: { id } }): readonly Diagnostic[] => {
    const how = leakAt(sketch, reach, id);
    const made = sketch.nodes[id];
    const source = how && made && placeIn(analysis.uri, made);
    if (source === undefined) return [];
    const related = evidence ? [{ source: evidence, message: t`masked here` }] : [];
    if (how === 'attention') {
      const message = t`Every token of ${name} sees all others here, while another attention of this model is causal.`;
      const fixes = maskFixes(analysis, made?.node.source, source);
      return [diagnostic('unmaskedAttention', source, message, { related, fixes })];
    }
    const message = t`A token of ${name} sees later ones here, so what the causal mask hides is known all the same.`;
    return [diagnostic('seesFuture', source, message, { related })];
  });
}

/** Where a value first reads later positions than its own. */
function leakAt(
  sketch: Sketch,
  reach: readonly Reach[],
  id: NodeId,
): 'attention' | 'other' | undefined {
  const own = reach[id];
  if (own === undefined || own.unknown) return undefined;
  const before = operandsOf(sketch, id).map((operand) => reach[operand]);
  if (before.some((read) => read === undefined || read.unknown || leaks(read))) return undefined;
  if (!leaks(own)) return undefined;
  return roleOf(sketch, id) === 'softmax' ? 'attention' : 'other';
}

/** Entries at one position that read that one or earlier ones, and later ones too. */
function leaks({ terms, all }: Reach): boolean {
  if (all) return terms.some(({ shift }) => shift <= 0);
  return terms.some(
    ({ axis, shift }) =>
      shift > 0 && terms.some((other) => other.axis === axis && other.shift <= 0),
  );
}

/** The switch of a block's call, or a mask around what a softmax gets. */
function maskFixes(
  analysis: Analysis,
  own: SourceRange | undefined,
  source: SourceRange,
): readonly Fix[] {
  const text = analysis.textOf(source);
  const insert = (at: number, added: string, length = 0) => ({
    source: { uri: source.uri, start: source.start + at, end: source.start + at + length },
    text: added,
  });
  const open = text.indexOf('(');
  if (open < 0) return [];
  if (own?.uri === source.uri && own.start === source.start) {
    const end = firstArgumentEnd(text, open);
    const edits = [insert(open + 1, causallyMasked.before), insert(end, causallyMasked.after)];
    return [{ title: t`Mask the scores of later tokens`, edits }];
  }
  const callee = text.slice(0, open).trim();
  const key = analysis.program.named.get(callee);
  const block = key === undefined ? undefined : analysis.program.blocks.get(key);
  const hasSwitch = block?.parameters.some(
    ({ name, kind }) => name === 'causal' && kind === 'bool',
  );
  if (hasSwitch !== true) return [];
  const written = /causal:\s*false/.exec(text);
  const close = firstArgumentEnd(text, open, 'all');
  const edit =
    written === null
      ? insert(close, ', causal: true')
      : insert(written.index, 'causal: true', written[0].length);
  return [{ title: t`Make it causal`, edits: [edit] }];
}

/** Where the first argument ends, or all of them. */
function firstArgumentEnd(text: string, open: number, which: 'first' | 'all' = 'first'): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const character = text[at] ?? '';
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (depth === 0 || (which === 'first' && depth === 1 && character === ',')) return at;
  }
  return text.length;
}
