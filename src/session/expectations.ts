/** `expect` lines on values: compared elementwise after the run. */
import { t } from '@vscode/l10n';
import type { Execution } from '../engine/index.ts';
import { numpyText } from '../formats/index.ts';
import type { Graph, ValueExpectation } from '../graph/index.ts';
import type { ExpectationResult } from '../trace/index.ts';

export async function expectationResults(
  graph: Graph,
  execution: Execution,
): Promise<readonly ExpectationResult[]> {
  const results: ExpectationResult[] = [...graph.shapeExpectations];
  for (const expectation of graph.expectations) {
    results.push(await compare(graph, execution, expectation));
  }
  return results.sort((a, b) => a.source.start - b.source.start);
}

async function compare(
  graph: Graph,
  execution: Execution,
  expectation: ValueExpectation,
): Promise<ExpectationResult> {
  const { source, text } = expectation;
  const [left, right] = [graph.nodes[expectation.left], graph.nodes[expectation.right]];
  if (left === undefined || right === undefined) throw new Error('An expectation has no node.');
  const a = await execution.read(left.id);
  const b = await execution.read(right.id);
  const shape = broadcastShape(left.shape, right.shape);
  if (shape === undefined) {
    const message = t`[${left.shape.join(', ')}] cannot be compared with [${right.shape.join(', ')}].`;
    return { source, text, passed: false, message };
  }
  const measured = { data: a, shape: left.shape };
  const expected = { data: b, shape: right.shape };
  const worst = worstPlace(expectation, measured, expected, shape);
  const numbers = { left: numberText(worst.left, a), right: numberText(worst.right, b) };
  const message = inWords(expectation, worst, shape, numbers);
  if (worst.holds) return { source, text, passed: true, message };
  const sides = { measured: numpyText(measured), expected: boundText(expectation, expected) };
  return { source, text, passed: false, message, sides };
}

/** A float32 by the digits that tell it from others of its kind. */
function numberText(value: number, { constructor: kind }: Operand['data']): string {
  if (kind !== Float32Array || !Number.isFinite(value)) return String(value);
  let digits = 1;
  while (Math.fround(Number(value.toPrecision(digits))) !== value) digits += 1;
  return String(Number(value.toPrecision(digits)));
}

/** `> 0.9`; what is to be equal, or near, stands alone. */
function boundText({ operator }: ValueExpectation, expected: Operand): string {
  const text = numpyText(expected);
  return operator === '~' || operator === '==' ? text : `${operator} ${text}`;
}

interface Operand {
  readonly data: Float32Array | Float64Array;
  readonly shape: readonly number[];
}

interface Place {
  readonly holds: boolean;
  readonly index: readonly number[];
  readonly left: number;
  readonly right: number;
  readonly difference: number;
}

/** The element that is furthest from holding. NaN never holds. */
function worstPlace(
  { operator, tolerance }: ValueExpectation,
  a: Operand,
  b: Operand,
  shape: readonly number[],
): Place {
  const count = shape.reduce((product, length) => product * length, 1);
  let worst: Place = {
    holds: true,
    index: [],
    left: Number.NaN,
    right: Number.NaN,
    difference: -1,
  };
  for (let i = 0; i < count; i += 1) {
    const index = indexAt(i, shape);
    const [left, right] = [valueAt(a, index), valueAt(b, index)];
    const holds = compareNumbers(left, operator, right, tolerance);
    // Equal infinities are no distance apart.
    const distance = left === right ? 0 : Math.abs(left - right);
    const difference = Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance;
    const worse =
      worst.holds && !holds ? true : worst.holds === holds && difference > worst.difference;
    if (worse) worst = { holds, index, left, right, difference };
  }
  return worst;
}

function compareNumbers(
  a: number,
  operator: ValueExpectation['operator'],
  b: number,
  tolerance: number,
): boolean {
  switch (operator) {
    case '~':
      return a === b || Math.abs(a - b) <= tolerance;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '==':
      return a === b;
    case '!=':
      return a !== b;
  }
}

function inWords(
  { operator, tolerance }: ValueExpectation,
  { holds, index, difference }: Place,
  shape: readonly number[],
  { left, right }: { readonly left: string; readonly right: string },
): string {
  const place = shape.length === 0 ? `${left}` : t`${left} at [${index.join(', ')}]`;
  const apart =
    operator === '~' && Number.isFinite(difference)
      ? t`${right}, ${difference.toPrecision(3)} apart (${tolerance} allowed)`
      : `${right}`;
  return holds
    ? t`The measured value is ${place}, against ${apart}.`
    : t`Measured ${place}, against ${apart}.`;
}

function broadcastShape(a: readonly number[], b: readonly number[]): readonly number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let i = 0; i < rank; i += 1) {
    const left = a[i - rank + a.length] ?? 1;
    const right = b[i - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return undefined;
    shape.push(left === 1 ? right : left);
  }
  return shape;
}

function indexAt(flat: number, shape: readonly number[]): readonly number[] {
  const index: number[] = [];
  let rest = flat;
  for (const length of [...shape].reverse()) {
    index.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return index;
}

function valueAt({ data, shape }: Operand, index: readonly number[]): number {
  const offset = index.length - shape.length;
  const flat = shape.reduce(
    (sum, length, i) => sum * length + (length === 1 ? 0 : (index[offset + i] ?? 0)),
    0,
  );
  return data[flat] ?? Number.NaN;
}
