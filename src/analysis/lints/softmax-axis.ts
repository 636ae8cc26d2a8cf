/** TB313: weights that sum to 1 along one axis, and are summed along another. */
import { t } from '@vscode/l10n';
import type { NodeId, Sketch } from '../../graph/index.ts';
import { type Diagnostic, diagnostic } from '../../shapes/index.ts';
import { flowOf } from '../flow-of.ts';
import type { Lint, Subject } from './lint.ts';
import { operandsOf, placeIn, roleOf } from './sketches.ts';

export const softmaxAxis: Lint = {
  codes: ['softmaxAxis'],
  check: (subject) =>
    subject.sketches.flatMap(({ sketch }) =>
      sketch.nodes.flatMap(({ node }) =>
        roleOf(sketch, node.id) === 'matrix product' ? reportIn(subject, sketch, node.id) : [],
      ),
    ),
};

function reportIn(subject: Subject, sketch: Sketch, product: NodeId): readonly Diagnostic[] {
  const made = sketch.nodes[product];
  const flow = made && flowOf(sketch, made);
  if (flow === undefined) return [];
  return operandsOf(sketch, product).flatMap((operand, at) => {
    const summed = (flow.operands[at] ?? []).flatMap((label, axis) =>
      flow.result.includes(label) || label.startsWith('one') ? [] : [axis],
    );
    const weights = softmaxBehind(sketch, operand, summed);
    return weights === undefined ? [] : report(subject, sketch, weights, product);
  });
}

interface Weights {
  readonly softmax: NodeId;
  /** The axis of the softmax. */
  readonly along: number;
  /** Axes of its result that the product sums over. */
  readonly summed: readonly number[];
}

/** The softmax that an operand is, moved or not, where it is not along one of the axes that are summed. */
function softmaxBehind(sketch: Sketch, id: NodeId, summed: readonly number[]): Weights | undefined {
  const made = sketch.nodes[id];
  const flow = made && flowOf(sketch, made);
  if (made?.node.kind !== 'operator' || flow === undefined) return undefined;
  if (made.node.op.role === 'softmax') {
    const along = flow.result.findIndex((label) => flow.mixed?.includes(label));
    return summed.length > 0 && !summed.includes(along)
      ? { softmax: id, summed, along }
      : undefined;
  }
  const [only] = made.node.operands;
  if (made.node.op.operations !== 0 || made.node.operands.length !== 1 || only === undefined) {
    return undefined;
  }
  const [labels = []] = flow.operands;
  const moved = summed.map((axis) => labels.indexOf(flow.result[axis] ?? ''));
  return moved.includes(-1) ? undefined : softmaxBehind(sketch, only.node, moved);
}

function report(
  { analysis }: Subject,
  sketch: Sketch,
  { softmax, summed, along: taken }: Weights,
  product: NodeId,
): readonly Diagnostic[] {
  const [made, consumer] = [sketch.nodes[softmax], sketch.nodes[product]];
  const source = made && placeIn(analysis.uri, made);
  const use = consumer && placeIn(analysis.uri, consumer);
  if (made === undefined || source === undefined) return [];
  const rank = made.shape.axes.length;
  const [wanted = 0] = summed;
  const [axis, along] = [wanted - rank, taken - rank];
  const message = t`This softmax is taken along axis ${along}, but the product sums its weights along axis ${axis}, where they do not add up to 1.`;
  const text = analysis.textOf(source);
  const written = /axis:\s*-?\d+/.exec(text);
  const fix = (at: number, length: number, added: string) => ({
    title: t`Take axis: ${axis}`,
    edits: [
      {
        source: { uri: source.uri, start: source.start + at, end: source.start + at + length },
        text: added,
      },
    ],
  });
  const fixes =
    made.node.source.uri !== analysis.uri
      ? []
      : written === null
        ? [fix(text.lastIndexOf(')'), 0, `, axis: ${axis}`)]
        : [fix(written.index, written[0].length, axis === -1 ? 'axis: -1' : `axis: ${axis}`)];
  const related =
    use === undefined || use.start === source.start
      ? []
      : [{ source: use, message: t`summed here` }];
  return [diagnostic('softmaxAxis', source, message, { related, fixes })];
}
