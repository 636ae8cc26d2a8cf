/** Every example of every operator as a graph of one node. */
import { literalDim, literalOf, shapeOf } from '../../src/dims/index.ts';
import type { NodeId } from '../../src/graph/index.ts';
import type {
  Attribute,
  AttributeValue,
  Example,
  ExampleTensor,
  Op,
  SliceItem,
  SliceValue,
} from '../../src/ops/index.ts';
import * as records from '../../src/ops/index.ts';
import {
  DiagnosticList,
  noFacts,
  type OperandType,
  signatureOf,
  typeOfApplication,
} from '../../src/shapes/index.ts';
import { GraphBuilder, type SmallGraph, sampleValues } from './small-graphs.ts';

export interface OperatorCase {
  readonly op: Op;
  /** `softmax 2`: the operator and which of its examples. */
  readonly label: string;
  readonly build: () => SmallGraph;
}

export function operatorCases(): readonly OperatorCase[] {
  return allOperators().flatMap((op) =>
    op.examples.map((example, index) => ({
      op,
      label: `${op.name} ${index + 1}`,
      build: () => graphOf(op, example),
    })),
  );
}

/** Every record that the folder gives out, alone or in a list. */
function allOperators(): readonly Op[] {
  const given: readonly unknown[] = Object.values(records).flat();
  return [...new Set(given.filter(isOp))];
}

function isOp(value: unknown): value is Op {
  return typeof value === 'object' && value !== null && 'gpu' in value && 'reference' in value;
}

function graphOf(op: Op, example: Example): SmallGraph {
  const builder = new GraphBuilder();
  const operands: Record<string, readonly NodeId[]> = {};
  const types: OperandType[] = [];
  for (const [name, given] of Object.entries(example.inputs)) {
    const parts = isVariadic(op, name)
      ? (given as readonly ExampleTensor[])
      : [given as ExampleTensor];
    operands[name] = parts.map((part, index) => {
      const { shape, data } = tensorOf(part);
      const type = { shape: shapeOf(...shape.map(literalDim)), dtype: 'f32' as const };
      types.push({ name, type, source: nowhere, label: name, origin: undefined });
      return builder.input(`${name}${index}`, shape, data);
    });
  }
  const attributes = { ...defaultsOf(op), ...example.attributes };
  const shape = resultShape(op, types, attributes, example);
  builder.apply(op, operands, shape, { attributes, rest: example.rest, output: example.output });
  return builder.build();
}

function isVariadic(op: Op, name: string): boolean {
  return signatureOf(op).parameters.get(name)?.variadic === true;
}

function defaultsOf(op: Op): Readonly<Record<string, AttributeValue>> {
  const defaults: Record<string, AttributeValue> = {};
  for (const { name, kind, initial } of signatureOf(op).parameters.values()) {
    if (kind === 'tensor') continue;
    defaults[name] = null;
    if (initial?.kind === 'number' || initial?.kind === 'static') defaults[name] = initial.value;
  }
  return defaults;
}

function resultShape(
  op: Op,
  operands: readonly OperandType[],
  attributes: Readonly<Record<string, AttributeValue>>,
  example: Example,
): readonly number[] {
  const diagnostics = new DiagnosticList();
  const type = typeOfApplication(
    {
      op,
      signature: signatureOf(op),
      operands,
      attributes: new Map(
        Object.entries(attributes).map(([name, value]) => [name, checkedAttribute(value)]),
      ),
      rest: (example.rest ?? []).map(({ name, value }) => ({ name, value: literalDim(value) })),
      output: example.output,
      source: nowhere,
    },
    { facts: noFacts, diagnostics, originOf: () => undefined, mode: 'instance' },
  );
  const lengths = type?.shape.axes.map((axis) => literalOf(axis));
  if (lengths === undefined || lengths.includes(undefined)) {
    throw new Error(`${op.name}: ${diagnostics.all.map(({ message }) => message).join(' ')}`);
  }
  return lengths as readonly number[];
}

/** As the checker has it: lengths are dims there. */
function checkedAttribute(value: AttributeValue): Attribute {
  return typeof value === 'object' && value !== null ? value.map(checkedItem) : value;
}

function checkedItem(item: SliceValue): SliceItem {
  switch (item.kind) {
    case 'range':
      return { kind: 'range', start: literalDim(item.start), stop: literalDim(item.stop) };
    case 'at':
      return { kind: 'at', index: literalDim(item.index) };
    case 'new axis':
      return item;
  }
}

function tensorOf(tensor: ExampleTensor): { shape: readonly number[]; data: ArrayLike<number> } {
  if (typeof tensor === 'number') return { shape: [], data: [tensor] };
  if ('normal' in tensor) {
    const count = tensor.normal.reduce((product, length) => product * length, 1);
    return { shape: tensor.normal, data: sampleValues(count, tensor.seed) };
  }
  const parts = tensor.map(tensorOf);
  return {
    shape: [tensor.length, ...(parts[0]?.shape ?? [])],
    data: parts.flatMap(({ data }) => Array.from(data)),
  };
}

const nowhere = { uri: 'file:///examples.tblock', start: 0, end: 0 };
