/** Ways out where operands of one operator do not meet: each is tried, and offered only where it works. */
import { formatShape, type Shape, sameShape } from '../dims/index.ts';
import type { OperandType } from './application.ts';
import type { Fix } from './diagnostic.ts';
import type { DimFacts } from './dim-facts.ts';
import {
  declareFix,
  rearrangeFix,
  transposedShape,
  transposeFix,
  withAxis,
} from './shape-fixes.ts';

/** One of the two operands that disagree, and on which axis. */
export interface Disputed {
  readonly operand: OperandType;
  readonly at: number;
}

export interface Trial {
  readonly facts: DimFacts;
  readonly operands: readonly OperandType[];
  /** Whether the operator takes the operands so. */
  readonly fits: (operands: readonly OperandType[]) => boolean;
}

export function operandFixes(trial: Trial, first: Disputed, second: Disputed): readonly Fix[] {
  const sides = [
    { ...second, other: first },
    { ...first, other: second },
  ];
  return [
    ...sides.flatMap(({ operand }) => transposing(trial, operand)),
    ...sides.flatMap(({ operand, other }) => rearranging(trial, operand, other.operand)),
    ...sides.flatMap((side) => declaring(trial, side)),
  ];
}

function transposing(trial: Trial, operand: OperandType): readonly Fix[] {
  const shape = transposedShape(operand.type.shape);
  if (operand.rewriting === undefined || shape === undefined) return [];
  return works(trial, operand, shape) ? [transposeFix(operand.rewriting)] : [];
}

/** To the other operand's axes, where they are the same ones in another order. */
function rearranging(trial: Trial, operand: OperandType, other: OperandType): readonly Fix[] {
  const [given, wanted] = [operand.type.shape, other.type.shape];
  if (operand.rewriting === undefined || given.axes.length < 3) return [];
  const swapped = transposedShape(given);
  if (swapped !== undefined && sameShape(swapped, wanted)) return [];
  if (!works(trial, operand, wanted)) return [];
  return rearrangeFix(trial.facts, operand.rewriting, given, wanted);
}

/** A parameter declared with the axis that the other side has. */
function declaring(
  trial: Trial,
  { operand, at, other }: Disputed & { readonly other: Disputed },
): readonly Fix[] {
  const axis = other.operand.type.shape.axes[other.at];
  const declared = operand.rewriting?.declared;
  if (axis === undefined || declared === undefined) return [];
  const shape = withAxis(operand.type.shape, at, axis);
  if (formatShape(shape) === formatShape(operand.type.shape)) return [];
  if (!works(trial, operand, shape)) return [];
  return declareFix(declared, operand.label, { ...operand.type, shape });
}

function works({ operands, fits }: Trial, changed: OperandType, shape: Shape): boolean {
  return fits(
    operands.map((operand) => ({
      ...operand,
      // A trial offers no fixes of its own.
      rewriting: undefined,
      type: operand === changed ? { ...operand.type, shape } : operand.type,
    })),
  );
}
