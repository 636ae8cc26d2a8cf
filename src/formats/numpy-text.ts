/** Arrays as NumPy prints them. */
import {
  type FloatWidth,
  filledToDigits,
  positionalText,
  roundedToDigits,
  roundedToPlaces,
  scientificText,
  shortestDecimal,
} from './decimal-text.ts';
import type { NumberArray } from './elements.ts';

/** An array to be printed, row-major. Without a kind, the array's class says it. */
export interface PrintableArray {
  readonly shape: readonly number[];
  readonly data: NumberArray;
  readonly kind?: 'float' | 'int' | 'bool';
}

/** NumPy's print options. */
export interface NumpyTextOptions {
  /** Most digits after the point: 8. */
  readonly precision: number;
  /** Arrays of more elements are shortened to their edges: 1000. */
  readonly threshold: number;
  /** Elements at each edge of a shortened axis: 3. */
  readonly edgeItems: number;
  /** Characters after which a line is broken: 75. */
  readonly lineWidth: number;
  /** `auto` writes exponents where an array has small numbers, `positional` rounds those to the precision. */
  readonly smallNumbers: 'auto' | 'positional';
}

/**
 * What `print(array)` of NumPy 2.4 writes for an array of float64, float32, int32 or bool: shortest digits up to the
 * precision, numbers aligned at the point, exponents for all numbers of the array or for none, nested brackets, `...`.
 * An array without axes is printed as a number, with all its digits.
 */
export function numpyText(array: PrintableArray, options: Partial<NumpyTextOptions> = {}): string {
  const { shape, data } = array;
  const settings = { ...defaults, ...options };
  if (shape.length === 0) return scalarText(array);
  if (data.length === 0) return '[]';
  const shown = shownIndices(shape, data.length > settings.threshold ? settings.edgeItems : null);
  const format = elementFormat(array, shownValues(array, shown), settings);
  return nestedText(array, shown, format, settings.lineWidth);
}

const defaults: NumpyTextOptions = {
  precision: 8,
  threshold: 1000,
  edgeItems: 3,
  lineWidth: 75,
  smallNumbers: 'auto',
};

type Gap = '...';

/** For each axis the indices that are printed, with a gap where some are left out. */
function shownIndices(
  shape: readonly number[],
  edgeItems: number | null,
): readonly (readonly (number | Gap)[])[] {
  return shape.map((length) => {
    const all = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
    return edgeItems === null || length <= 2 * edgeItems
      ? all(0, length)
      : [...all(0, edgeItems), '...' as const, ...all(length - edgeItems, length)];
  });
}

/** The values that are printed: they alone decide about digits and widths. */
function shownValues(
  { shape, data }: PrintableArray,
  shown: readonly (readonly (number | Gap)[])[],
): number[] {
  const positions = shown.reduce<number[]>(
    (prefixes, indices, axis) =>
      prefixes.flatMap((prefix) =>
        indices.flatMap((index) => (index === '...' ? [] : [prefix * (shape[axis] ?? 0) + index])),
      ),
    [0],
  );
  return positions.map((position) => data[position] ?? 0);
}

/** Rows are filled up to the width; outer axes are set apart by one line end for each axis inside them. */
function nestedText(
  { shape, data }: PrintableArray,
  shown: readonly (readonly (number | Gap)[])[],
  format: (value: number) => string,
  lineWidth: number,
): string {
  function text(axis: number, position: number): string {
    const inner = (index: number) => position * (shape[axis] ?? 0) + index;
    const indices = shown[axis] ?? [];
    const indent = ' '.repeat(axis + 1);
    if (axis === shape.length - 1) {
      const words = indices.map((index) =>
        index === '...' ? index : format(data[inner(index)] ?? 0),
      );
      return `[${filled(words, indent, lineWidth - axis - 1)}]`;
    }
    const parts = indices.map((index) => (index === '...' ? index : text(axis + 1, inner(index))));
    return `[${parts.join('\n'.repeat(shape.length - 1 - axis) + indent)}]`;
  }
  return text(0, 0);
}

/** Words set apart by spaces; a line that would pass the width ends before the word, unless it has none yet. */
function filled(words: readonly string[], indent: string, width: number): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of words) {
    if (line.length + word.length > width && line.length > indent.length) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  return [...lines, line.slice(0, -1)].join('\n').slice(indent.length);
}

function kindOf({ kind, data }: PrintableArray): 'float' | 'int' | 'bool' {
  return kind ?? (data instanceof Int32Array ? 'int' : 'float');
}

function widthOf(data: NumberArray): FloatWidth {
  return data instanceof Float32Array ? 'float32' : 'float64';
}

/** NumPy prints numbers from 1e-4 up to 1e16, and of float32 up to 1e6, without an exponent. */
function scalarText(array: PrintableArray): string {
  const value = array.data[0] ?? 0;
  const kind = kindOf(array);
  if (kind === 'bool') return value === 0 ? 'False' : 'True';
  if (kind === 'int') return String(value);
  if (!Number.isFinite(value)) return specialText(value);
  const width = widthOf(array.data);
  const decimal = shortestDecimal(value, width);
  const size = Math.abs(value);
  const large = size >= (width === 'float32' ? 1e6 : 1e16);
  return size > 0 && (size < 1e-4 || large)
    ? scientificText(decimal, 0, 2).replace('.e', 'e')
    : positionalText(decimal).replace(/\.$/, '.0');
}

function elementFormat(
  array: PrintableArray,
  values: readonly number[],
  options: NumpyTextOptions,
): (value: number) => string {
  const kind = kindOf(array);
  if (kind === 'bool') return (value) => (value === 0 ? 'False' : ' True');
  if (kind === 'float') return floatFormat(values, widthOf(array.data), options);
  const width = longest(values.map(String));
  return (value) => String(value).padStart(width);
}

function floatFormat(
  values: readonly number[],
  width: FloatWidth,
  options: NumpyTextOptions,
): (value: number) => string {
  const finite = values.filter(Number.isFinite);
  const format = needsExponents(finite, width, options)
    ? scientificFormat(finite, width, options.precision)
    : positionalFormat(finite, width, options.precision);
  const special = values.filter((value) => !Number.isFinite(value)).map(specialText);
  const total = Math.max(format.width, longest(special));
  return (value) =>
    (Number.isFinite(value) ? format.text(value) : specialText(value)).padStart(total);
}

/** NumPy decides with the array's own precision, and lets float32 have fewer digits before the point. */
function needsExponents(
  finite: readonly number[],
  width: FloatWidth,
  { smallNumbers }: NumpyTextOptions,
): boolean {
  const rounded = width === 'float32' ? Math.fround : (value: number) => value;
  const sizes = finite.map(Math.abs).filter((size) => size > 0);
  if (sizes.length === 0) return false;
  const largest = sizes.reduce((a, b) => Math.max(a, b));
  const smallest = sizes.reduce((a, b) => Math.min(a, b));
  if (largest >= (width === 'float32' ? 1e6 : 1e8)) return true;
  return (
    smallNumbers === 'auto' && (smallest < rounded(1e-4) || rounded(largest / smallest) > 1000)
  );
}

/** Texts of finite numbers, and their common width. */
interface FloatFormat {
  readonly width: number;
  readonly text: (value: number) => string;
}

function positionalFormat(
  finite: readonly number[],
  width: FloatWidth,
  precision: number,
): FloatFormat {
  const plain = (value: number) => positionalText(roundedToPlaces(value, width, precision));
  const places = (text: string) => text.length - text.indexOf('.') - 1;
  const texts = finite.map(plain);
  const fraction = texts.reduce((most, text) => Math.max(most, places(text)), 0);
  const whole = texts.reduce((most, text) => Math.max(most, text.indexOf('.')), 0);
  return {
    width: whole + 1 + fraction,
    text: (value) => {
      const text = plain(value);
      return text + ' '.repeat(fraction - places(text));
    },
  };
}

function scientificFormat(
  finite: readonly number[],
  width: FloatWidth,
  precision: number,
): FloatFormat {
  const decimal = (value: number) => roundedToDigits(value, width, precision);
  const decimals = finite.map(decimal);
  const places = decimals.reduce((most, { digits }) => Math.max(most, digits.length - 1), 0);
  const powers = longest(decimals.map(({ exponent }) => String(Math.abs(exponent))));
  const text = (value: number) => {
    const shortest = decimal(value);
    // Shorter numbers are filled with digits of their exact value, which for float32 are seldom zeros.
    const filled = shortest.digits.length > places ? shortest : filledToDigits(value, places);
    return scientificText(filled, places, Math.max(2, powers));
  };
  return { width: longest(finite.map(text)), text };
}

function specialText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  return value > 0 ? 'inf' : '-inf';
}

function longest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, text.length), 0);
}
