/** Elementwise operators of several tensors, broadcast as NumPy does it. */
import { t } from '@vscode/l10n';
import { type Dim, formatShape, literalOf, type Shape } from '../../dims/index.ts';
import type { BinaryFunction } from '../form.ts';
import type {
  AxisPlace,
  GpuPlan,
  GpuStep,
  HostTensor,
  Kernel,
  KernelArgument,
  Op,
  RunCall,
  ShapeCall,
} from '../op.ts';
import { elementwiseFlow } from './flows.ts';
import { broadcastStrides, countOf, walk } from './row-major.ts';
import { copyStep } from './strided.ts';

/** An operand, and how many of its last axes do not take part. */
export interface BroadcastOperand {
  readonly operand: string;
  readonly part?: number;
  readonly without?: number;
}

/**
 * The shape that operands broadcast to. Only an axis of literal length 1 broadcasts, so that the result does not
 * depend on the value of a dim.
 */
export function broadcastShape(call: ShapeCall, operands: readonly BroadcastOperand[]): Shape {
  const shapes = operands.map((operand) => partShape(call, operand));
  const open = shapes.filter(({ lead }) => lead);
  const [first] = open;
  const disputed = shapes.find(
    ({ lead, axes }) =>
      first !== undefined &&
      (lead ? axes.length !== first.axes.length : axes.length > first.axes.length),
  );
  if (first !== undefined && disputed !== undefined) {
    const message = t`Which axes of ${formatShape(first)} and ${formatShape(disputed)} meet depends on the leading axes.`;
    call.fail({ kind: 'undecided', message });
  }
  const rank = Math.max(...shapes.map(({ axes }) => axes.length));
  const axes = Array.from({ length: rank }, (_, axis) => {
    const met = operands.flatMap((operand, i): readonly MetAxis[] => {
      const own = shapes[i]?.axes ?? [];
      const at = axis - rank + own.length;
      const dim = own[at];
      return dim === undefined ? [] : [{ dim, place: placeOf(operand, at) }];
    });
    return met.reduce((left, right) => meet(call, left, right)).dim;
  });
  return { lead: first !== undefined, axes };
}

interface MetAxis {
  readonly dim: Dim;
  readonly place: AxisPlace;
}

function meet(call: ShapeCall, left: MetAxis, right: MetAxis): MetAxis {
  if (literalOf(left.dim) === 1) return right;
  if (literalOf(right.dim) === 1) return left;
  return { dim: call.agree(left.place, right.place), place: left.place };
}

function placeOf({ operand, part }: BroadcastOperand, axis: number): AxisPlace {
  return part === undefined ? { operand, axis } : { operand, part, axis };
}

function partShape(call: ShapeCall, { operand, part, without = 0 }: BroadcastOperand): Shape {
  const shape = part === undefined ? call.input(operand) : (call.all(operand)[part] as Shape);
  return { lead: shape.lead, axes: shape.axes.slice(0, shape.axes.length - without) };
}

/** Applies a function of numbers at every index. */
export function referenceOf(
  operands: readonly string[],
  scalar: (...values: number[]) => number,
): (call: RunCall<HostTensor>) => Float64Array {
  return (call) => {
    const tensors = operands.map(call.input);
    const result = new Float64Array(countOf(call.shape));
    const strides = tensors.map(({ shape }) => broadcastStrides(shape, call.shape));
    walk(call.shape, strides, (position, offsets) => {
      result[position] = scalar(
        ...tensors.map(({ data }, i) => data[offsets[i] as number] as number),
      );
    });
    return result;
  };
}

/**
 * The plan of a kernel that takes its operands and after them `repeat` and `span` of each: at index i it reads
 * `Math.floor(i / repeat) % span`. That covers scalars, rows, columns and whole tensors; an operand that broadcasts
 * along an axis in its middle is copied to the full shape first.
 */
export function planOf(operands: readonly string[], kernel: Kernel): GpuPlan {
  return ({ input, shape }) => {
    const steps: GpuStep[] = [];
    const read = operands.map((operand) => {
      const own = input(operand).shape;
      return readAs(own, shape, { operand }, steps);
    });
    const args = [
      ...read.map(({ source }) => source),
      ...read.flatMap(({ repeat, span }) => [repeat, span]),
    ];
    return [...steps, { kernel, args, length: countOf(shape) }];
  };
}

export interface PeriodicRead {
  readonly source: KernelArgument;
  readonly repeat: number;
  readonly span: number;
}

/** How a kernel reads an operand as if it had shape `target`; adds a copying step where it cannot. */
export function readAs(
  own: readonly number[],
  target: readonly number[],
  source: KernelArgument,
  steps: GpuStep[],
): PeriodicRead {
  const period = periodOf(own, target);
  if (period !== undefined) return { source, ...period };
  steps.push(copyStep(source, { shape: target, strides: broadcastStrides(own, target), base: 0 }));
  return { source: { step: steps.length - 1 }, repeat: 1, span: countOf(target) };
}

/** `repeat` and `span` where the axes along which an operand does not broadcast lie side by side. */
export function periodOf(
  own: readonly number[],
  target: readonly number[],
): { readonly repeat: number; readonly span: number } | undefined {
  const strides = broadcastStrides(own, target);
  const varies = target.map((length, axis) => length !== 1 && strides[axis] !== 0);
  const from = varies.indexOf(true);
  if (from < 0) return { repeat: 1, span: 1 };
  const to = varies.lastIndexOf(true) + 1;
  const whole = target.slice(from, to).every((length, i) => length === 1 || varies[from + i]);
  if (!whole) return undefined;
  return { repeat: countOf(target.slice(to)), span: countOf(target.slice(from, to)) };
}

type BinaryFields = Pick<Op, 'doc' | 'vjp' | 'torch' | 'onnx' | 'examples'> &
  Partial<Pick<Op, 'notation' | 'role' | 'result' | 'tolerance'>> & {
    readonly name: BinaryFunction;
    readonly scalar: (a: number, b: number) => number;
    readonly kernel: Kernel['source'];
  };

/**
 * An operator of `a` and `b` at every index. Its derivatives are those at one index: where an operand was broadcast,
 * whoever applies them sums over the axes that it does not have.
 */
export function binary({ scalar, kernel, ...fields }: BinaryFields): Op {
  const operands = ['a', 'b'];
  return {
    signature: `${fields.name}(a: [...], b: [...]) -> [...]`,
    tolerance: 1e-6,
    flow: elementwiseFlow,
    shape: (call) => broadcastShape(call, [{ operand: 'a' }, { operand: 'b' }]),
    reference: referenceOf(operands, scalar as (...values: number[]) => number),
    gpu: planOf(operands, { name: fields.name, source: kernel }),
    form: () => ({ kind: 'binary', fn: fields.name, a: { operand: 'a' }, b: { operand: 'b' } }),
    ...fields,
  };
}
