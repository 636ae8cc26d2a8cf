/** Values of a sketch that no input and no parameter takes part in: positions, masks made of them, numbers. */
import type { NodeId, Sketch } from '../graph/index.ts';
import { type HostTensor, type Op, OpFault, type RunCall } from '../ops/index.ts';

/** Enough for a mask of a thousand tokens. */
const mostNumbers = 2 ** 21;

type Constant = HostTensor | 'too large' | undefined;

/** By node; computed when asked, by the operators' own definitions. */
export function constantsOf({ nodes }: Sketch): (id: NodeId) => Constant {
  const known = new Map<NodeId, Constant>();
  return constantOf;

  function constantOf(id: NodeId): Constant {
    if (!known.has(id)) known.set(id, compute(id));
    return known.get(id);
  }

  function compute(id: NodeId): Constant {
    const node = nodes[id]?.node;
    if (node?.kind === 'constant') return { shape: node.shape, data: node.data };
    if (node?.kind !== 'operator') return undefined;
    const operands = node.operands.map(({ name, node: of }) => ({ name, value: constantOf(of) }));
    if (operands.some(({ value }) => value === undefined)) return undefined;
    const count = node.shape.reduce((product, length) => product * length, 1);
    if (count > mostNumbers || operands.some(({ value }) => value === 'too large')) {
      return 'too large';
    }
    const all = (name: string) =>
      operands.flatMap((each) =>
        each.name === name && typeof each.value === 'object' ? [each.value] : [],
      );
    const call = callOf(all, node.shape, (name) => node.attributes[name] ?? null);
    const { op, rest, output } = node;
    try {
      return { shape: node.shape, data: op.reference({ ...call, rest, output }) };
    } catch (error) {
      // A value that only a run may complain of.
      if (error instanceof OpFault) return undefined;
      throw error;
    }
  }
}

/** An operator index by index on columns of numbers, one column per operand. */
export function scalarsOf(op: Op, columns: readonly (readonly number[])[]): readonly number[] {
  const names = [...op.signature.matchAll(/(\w+): (?:int)?\[/g)].map(([, name = '']) => name);
  const shape = [columns[0]?.length ?? 0];
  const all = (name: string) => {
    const column = columns[names.indexOf(name)];
    return column === undefined ? [] : [{ shape, data: Float64Array.from(column) }];
  };
  return [...op.reference(callOf(all, shape, () => null))];
}

function callOf(
  all: (name: string) => readonly HostTensor[],
  shape: readonly number[],
  attribute: RunCall<HostTensor>['attribute'],
): RunCall<HostTensor> {
  return {
    all,
    input: (name) => {
      const [first] = all(name);
      if (first === undefined) throw new RangeError(`No operand ${name}.`);
      return first;
    },
    optional: (name) => all(name)[0],
    attribute,
    number: (name) => Number(attribute(name)),
    text: (name) => String(attribute(name)),
    rest: [],
    shape,
    output: undefined,
  };
}
