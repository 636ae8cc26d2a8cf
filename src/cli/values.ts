/** Values of a trace as text and as JSON. */
import { numpyText } from '../formats/index.ts';
import type { TensorValues } from '../trace/index.ts';

/** `y [N, d] = [3, 4]`, then the values as NumPy prints them. */
export function valueText(path: string, { info, data }: TensorValues): string {
  const shape = info.axes.map(({ size }) => size);
  const names = info.axes.map(({ name }) => name);
  const symbolic = names.some((name, i) => name !== `${shape[i]}`);
  const heading = symbolic
    ? `[${names.join(', ')}] = [${shape.join(', ')}]`
    : `[${shape.join(', ')}]`;
  const kind = info.dtype === 'int' ? 'int' : 'float';
  return `${path} ${heading}\n${numpyText({ shape, data, kind })}\n`;
}

/** Nested lists; NaN and infinities, which JSON has not, as strings. */
export function valueData(path: string, { info, data }: TensorValues) {
  const shape = info.axes.map(({ size }) => size);
  return {
    path,
    axes: info.axes.map(({ name }) => name),
    shape,
    dtype: info.dtype,
    values: nestedData(data, shape),
  };
}

export function nestedData(data: TensorValues['data'], shape: readonly number[]): Nested {
  return nested(data, shape, 0, 0);
}

type Nested = number | string | readonly Nested[];

function nested(
  data: TensorValues['data'],
  shape: readonly number[],
  axis: number,
  at: number,
): Nested {
  const length = shape[axis];
  if (length === undefined) return plainNumber(data, at);
  return Array.from({ length }, (_, i) => nested(data, shape, axis + 1, at * length + i));
}

/** The shortest decimal that is this float32, not the 17 digits of its float64. */
function plainNumber(data: TensorValues['data'], at: number): number | string {
  const value = data[at] ?? Number.NaN;
  if (!Number.isFinite(value)) return String(value);
  if (data instanceof Float64Array) return value;
  for (let digits = 6; digits < 9; digits += 1) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return Number(value.toPrecision(9));
}
