import { t } from '@vscode/l10n';
import { type Dim, formatShape, literalDim, literalOf, type Shape } from '../dims/index.ts';
import {
  type EinsumEquation,
  ellipsisLabel,
  labelsFor,
  readEinsum,
} from './families/einsum-equation.ts';
import { contraction, summation } from './families/einsum-kernels.ts';
import type { Flow, FlowCall } from './families/flow.ts';
import { countOf, stridesOf, walk } from './families/row-major.ts';
import { wholeTable } from './families/whole-table.ts';
import type { Form } from './form.ts';
import {
  type AxisPlace,
  type GpuStep,
  type HostTensor,
  type KernelArgument,
  type Op,
  OpFault,
  type ShapeCall,
} from './op.ts';

export const einsum: Op = {
  name: 'einsum',
  doc: 'Products of tensors summed over the labels that the result does not have: `einsum("h n k, h m k -> h n m", q, k)`.',
  signature: 'einsum(equation: string, ...operands: [...]) -> [...]',
  flow: einsumFlow,
  operations: 2,
  role: 'matrix product',
  shape: einsumShape,
  reference: ({ all, text }) => contract(text('equation'), all('operands')),
  gpu: ({ all, text }) =>
    einsumSteps(
      text('equation'),
      all('operands').map(({ shape }) => shape),
    ),
  form: ({ all, text }) =>
    productForm(
      text('equation'),
      all('operands').map(({ shape }) => shape),
    ),
  vjp: { none: 'The equations of the derivatives are other texts.' },
  torch: 'torch.einsum({equation}, *{operands})',
  onnx: 'Einsum',
  tolerance: 1e-4,
  examples: [
    {
      inputs: {
        operands: [
          { normal: [2, 3, 4], seed: 1 },
          { normal: [2, 5, 4], seed: 2 },
        ],
      },
      attributes: { equation: 'h n k, h m k -> h n m' },
    },
    {
      inputs: {
        operands: [
          { normal: [2, 3, 4], seed: 3 },
          { normal: [5, 4, 6], seed: 4 },
        ],
      },
      attributes: { equation: '... n, e n h -> ... e h' },
    },
    {
      inputs: {
        operands: [
          { normal: [3, 4], seed: 5 },
          { normal: [4, 2], seed: 6 },
        ],
      },
      attributes: { equation: 'ij,jk' },
    },
    { inputs: { operands: [{ normal: [3, 3], seed: 7 }] }, attributes: { equation: 'ii->i' } },
    { inputs: { operands: [{ normal: [2, 3], seed: 8 }] }, attributes: { equation: 'ij->' } },
    {
      inputs: {
        operands: [
          { normal: [2, 3], seed: 9 },
          { normal: [3, 4], seed: 10 },
          { normal: [4, 2], seed: 11 },
        ],
      },
      attributes: { equation: 'a b, b c, c d -> d a' },
    },
    {
      inputs: {
        operands: [
          { normal: [3072], seed: 12 },
          { normal: [3072], seed: 13 },
        ],
      },
      attributes: { equation: 'n, n ->' },
    },
    {
      inputs: {
        operands: [
          { normal: [2, 1, 3], seed: 14 },
          { normal: [4, 3], seed: 15 },
        ],
      },
      attributes: { equation: '...k, ...k -> ...' },
    },
  ],
};

function einsumFlow({ operands, attribute, result }: FlowCall): Flow | undefined {
  const text = attribute('equation');
  const equation = typeof text === 'string' ? readEinsum(text) : undefined;
  if (equation === undefined || 'problem' in equation) return undefined;
  const extra = operands.map(({ shape }, part) => {
    const named = (equation.operands[part] ?? []).filter((label) => label !== ellipsisLabel);
    return shape.axes.length - named.length;
  });
  const longest = Math.max(0, ...extra);
  const after = labelsFor(equation.result, longest, longest);
  const repeats = (label: string, axis: Dim | undefined) => {
    const made = result.axes[after.indexOf(label)];
    return (
      axis !== undefined && literalOf(axis) === 1 && made !== undefined && literalOf(made) !== 1
    );
  };
  return {
    operands: operands.map(({ shape }, part) =>
      labelsFor(equation.operands[part] ?? [], extra[part] ?? 0, longest).map((label, axis) =>
        repeats(label, shape.axes[axis]) ? `one ${part} ${label}` : label,
      ),
    ),
    result: after,
  };
}

function einsumShape(call: ShapeCall): Shape {
  const text = call.text('equation');
  const equation = readEinsum(text);
  if ('problem' in equation) return call.fail({ kind: 'pattern', message: equation.problem });
  const shapes = call.all('operands');
  if (shapes.length !== equation.operands.length) {
    const message = t`The equation "${text}" is about ${equation.operands.length} tensors, but ${shapes.length} are given.`;
    return call.fail({ kind: 'argument', message });
  }
  const lead = shapes.some((shape) => shape.lead);
  const extra = shapes.map((shape, part) => demandTerm(call, equation, shape, part));
  if (lead) demandSameLead(call, equation, shapes, extra);
  const longest = Math.max(0, ...extra);
  const lengths = new Map<string, { dim: Dim; place: AxisPlace }>();
  shapes.forEach((shape, part) => {
    const labels = labelsFor(equation.operands[part] ?? [], extra[part] as number, longest);
    labels.forEach((label, axis) => {
      const place = { operand: 'operands', part, axis };
      const dim = shape.axes[axis] as Dim;
      const met = lengths.get(label);
      if (met === undefined || literalOf(met.dim) === 1) lengths.set(label, { dim, place });
      else if (literalOf(dim) !== 1) {
        lengths.set(label, { dim: call.agree(met.place, place), place: met.place });
      }
    });
  });
  const result = labelsFor(equation.result, longest, longest);
  return { lead, axes: result.map((label) => lengths.get(label)?.dim ?? literalDim(1)) };
}

/** The number of known axes that `...` stands for in an operand. */
function demandTerm(call: ShapeCall, equation: EinsumEquation, shape: Shape, part: number): number {
  const term = equation.operands[part] ?? [];
  const open = term.includes(ellipsisLabel);
  const named = term.length - (open ? 1 : 0);
  const extra = shape.axes.length - named;
  if (shape.lead && term[0] !== ellipsisLabel) {
    const message = t`The leading axes of ${formatShape(shape)} are not known here: begin its term with "...".`;
    call.fail({ kind: 'undecided', operand: 'operands', part, message });
  }
  if (extra < 0 || (extra > 0 && !open)) {
    const [written, given] = [term.join(' '), formatShape(shape)];
    const message =
      named === 1
        ? t`The term "${written}" names 1 axis, but its tensor is ${given}.`
        : t`The term "${written}" names ${named} axes, but its tensor is ${given}.`;
    call.fail({ kind: shape.lead ? 'undecided' : 'rank', operand: 'operands', part, message });
  }
  return extra;
}

function demandSameLead(
  call: ShapeCall,
  { operands, result }: EinsumEquation,
  shapes: readonly Shape[],
  extra: readonly number[],
): void {
  const first = shapes.findIndex((shape) => shape.lead);
  shapes.forEach((shape, part) => {
    if (!operands[part]?.includes(ellipsisLabel)) return;
    const [known, other] = [extra[first] as number, extra[part] as number];
    if (shape.lead ? known === other : other <= known) return;
    const message = t`Which axes of ${formatShape(shapes[first] ?? shape)} and ${formatShape(shape)} meet in "..." depends on the leading axes.`;
    call.fail({ kind: 'undecided', operand: 'operands', part, message });
  });
  if (result[0] === ellipsisLabel) return;
  const message = t`The leading axes are not known here: begin the result of the equation with "...".`;
  call.fail({ kind: 'undecided', message });
}

/** An operand with one label per axis. */
interface Labelled {
  readonly labels: readonly string[];
  readonly shape: readonly number[];
}

interface Problem {
  readonly operands: readonly Labelled[];
  readonly result: readonly string[];
  readonly lengths: ReadonlyMap<string, number>;
}

function problemOf(text: string, shapes: readonly (readonly number[])[]): Problem {
  const equation = readEinsum(text);
  if ('problem' in equation) throw new OpFault(equation.problem);
  const extra = shapes.map((shape, i) => {
    const named = equation.operands[i]?.filter((label) => label !== ellipsisLabel) ?? [];
    return shape.length - named.length;
  });
  const longest = Math.max(0, ...extra);
  const operands = shapes.map(
    (shape, i): Labelled => ({
      shape,
      labels: labelsFor(equation.operands[i] ?? [], extra[i] as number, longest),
    }),
  );
  const lengths = new Map<string, number>();
  for (const { labels, shape } of operands) {
    for (const [axis, label] of labels.entries()) {
      const length = shape[axis] as number;
      if (!lengths.has(label) || lengths.get(label) === 1) lengths.set(label, length);
    }
  }
  return { operands, lengths, result: labelsFor(equation.result, longest, longest) };
}

/** The stride of a tensor along each label: the sum of those of its axes with it (a diagonal), 0 where it has none. */
function stridesAlong({ labels, shape }: Labelled, along: readonly string[]): readonly number[] {
  const strides = stridesOf(shape);
  return along.map((wanted) =>
    labels.reduce(
      (sum, label, axis) =>
        label === wanted && shape[axis] !== 1 ? sum + (strides[axis] as number) : sum,
      0,
    ),
  );
}

function contract(text: string, tensors: readonly HostTensor[]): Float64Array {
  const { operands, result, lengths } = problemOf(
    text,
    tensors.map(({ shape }) => shape),
  );
  const summed = [...lengths.keys()].filter((label) => !result.includes(label));
  const all = [...result, ...summed];
  const shape = all.map((label) => lengths.get(label) as number);
  const sums = new Float64Array(countOf(shape.slice(0, result.length)));
  const perSum = countOf(shape.slice(result.length));
  const strides = operands.map((operand) => stridesAlong(operand, all));
  walk(shape, strides, (position, offsets) => {
    const at = Math.floor(position / perSum);
    const product = tensors.reduce(
      (value, { data }, i) => value * (data[offsets[i] as number] as number),
      1,
    );
    sums[at] = (sums[at] as number) + product;
  });
  return sums;
}

/** Multiplies the operands in, one after the other, each time summing what nothing later needs. */
function einsumSteps(text: string, shapes: readonly (readonly number[])[]): readonly GpuStep[] {
  const { operands, result, lengths } = problemOf(text, shapes);
  const [first, ...others] = operands;
  if (first === undefined) return [];
  const steps: GpuStep[] = [];
  const lengthOf = (label: string) => lengths.get(label) as number;
  const add = (
    left: Labelled,
    leftSource: KernelArgument,
    right: Labelled,
    rightSource: KernelArgument,
    kept: readonly string[],
  ): Labelled => {
    const labels = [...new Set([...left.labels, ...right.labels])];
    const summed = labels.filter((label) => !kept.includes(label));
    const axesOf = (along: readonly string[]) => {
      const [a, b] = [stridesAlong(left, along), stridesAlong(right, along)];
      const rows = along.map((label, i) => [lengthOf(label), a[i] as number, b[i] as number]);
      return { table: wholeTable([...rows.toReversed().flat(), 1]) };
    };
    const shape = kept.map(lengthOf);
    const count = countOf(summed.map(lengthOf));
    const tables = [axesOf(kept), kept.length, axesOf(summed), summed.length, count];
    steps.push({
      kernel: contraction,
      args: [leftSource, rightSource, ...tables],
      length: countOf(shape),
    });
    return { labels: kept, shape };
  };
  let joined = first;
  let source: KernelArgument = { operand: 'operands', part: 0 };
  others.forEach((operand, i) => {
    const later = new Set([...result, ...others.slice(i + 1).flatMap(({ labels }) => labels)]);
    const last = i === others.length - 1;
    const met = [...new Set([...joined.labels, ...operand.labels])];
    const kept = last ? result : met.filter((label) => later.has(label));
    joined = add(joined, source, operand, { operand: 'operands', part: i + 1 }, kept);
    source = { step: steps.length - 1 };
  });
  if (others.length === 0) {
    const labels = [...new Set(first.labels)];
    const summed = labels.filter((label) => !result.includes(label));
    steps.push(diagonalStep(first, result, summed, lengthOf));
  }
  return steps;
}

function diagonalStep(
  operand: Labelled,
  result: readonly string[],
  summed: readonly string[],
  lengthOf: (label: string) => number,
): GpuStep {
  const axesOf = (along: readonly string[]) => {
    const strides = stridesAlong(operand, along);
    const rows = along.map((label, i) => [lengthOf(label), strides[i] as number]);
    return { table: wholeTable([...rows.toReversed().flat(), 1]) };
  };
  const count = countOf(summed.map(lengthOf));
  const tables = [axesOf(result), result.length, axesOf(summed), summed.length, count];
  const args = [{ operand: 'operands', part: 0 }, ...tables];
  return { kernel: summation, args, length: countOf(result.map(lengthOf)) };
}

/**
 * Two operands as a stack of matrix products: a label that both have and the result too is one of the batch, and so are
 * all but the last of the labels that one operand shares with the result. Undefined for other equations.
 */
function productForm(text: string, shapes: readonly (readonly number[])[]): Form | undefined {
  const { operands, result, lengths } = problemOf(text, shapes);
  const [a, b, third] = operands;
  if (a === undefined || b === undefined || third !== undefined) return undefined;
  const ofA = result.filter((label) => a.labels.includes(label) && !b.labels.includes(label));
  const ofB = result.filter((label) => b.labels.includes(label) && !a.labels.includes(label));
  const summed = [...lengths.keys()].filter((label) => !result.includes(label));
  const [inner, another] = summed;
  const shared = (label: string) => a.labels.includes(label) && b.labels.includes(label);
  if (inner === undefined || another !== undefined || !shared(inner)) return undefined;
  const [row, column] = [ofA.at(-1), ofB.at(-1)];
  const batch = result.filter((label) => label !== row && label !== column);
  const lengthOf = (label: string | undefined) =>
    label === undefined ? 1 : (lengths.get(label) as number);
  const along = (operand: Labelled, ...labels: readonly (string | undefined)[]) =>
    labels.map((label) =>
      label === undefined ? 0 : (stridesAlong(operand, [label])[0] as number),
    );
  const whole: Labelled = { labels: result, shape: result.map(lengthOf) };
  return {
    kind: 'product',
    batch: batch.map(lengthOf),
    rows: lengthOf(row),
    inner: lengthOf(inner),
    columns: lengthOf(column),
    a: { operand: 'operands', part: 0, strides: along(a, ...batch, row, inner) },
    b: { operand: 'operands', part: 1, strides: along(b, ...batch, inner, column) },
    strides: along(whole, ...batch, row, column),
  };
}
