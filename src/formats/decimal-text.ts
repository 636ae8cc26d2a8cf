/** Floating-point numbers as decimal digits: the shortest that tell a number apart, cut where a precision asks for it. */

/** The precision that tells a number apart: that of float32 or of float64. */
export type FloatWidth = 'float32' | 'float64';

/** sign · d.ddd · 10^exponent, without trailing zeros. Zero has the digit 0 and exponent 0. */
export interface Decimal {
  readonly sign: '' | '-';
  readonly digits: string;
  readonly exponent: number;
}

/**
 * The shortest digits that are read back as the same finite `value`; of several, the nearest to it.
 * Below a power of two floats lie closer than above it, so there the digits above may do where nearer ones below do not.
 */
export function shortestDecimal(value: number, width: FloatWidth): Decimal {
  if (width === 'float64') return decimalOf(value, value.toExponential());
  const exact = exactDecimal(value);
  for (let kept = 1; kept < float32Digits; kept++) {
    for (const direction of ['nearest', 'up'] as const) {
      const decimal = rounded(exact, kept, direction);
      if (Math.fround(Number(scientificText(decimal, 0, 1))) === value) return decimal;
    }
  }
  return rounded(exact, float32Digits, 'nearest');
}

/** The shortest decimal, rounded to `places` digits after the point where it has more. */
export function roundedToPlaces(value: number, width: FloatWidth, places: number): Decimal {
  const shortest = shortestDecimal(value, width);
  const kept = places + shortest.exponent + 1;
  return shortest.digits.length <= kept ? shortest : rounded(exactDecimal(value), kept, 'nearest');
}

/** The shortest decimal, rounded to one digit and `places` after it where it has more. */
export function roundedToDigits(value: number, width: FloatWidth, places: number): Decimal {
  const shortest = shortestDecimal(value, width);
  return shortest.digits.length <= places + 1 ? shortest : filledToDigits(value, places);
}

/** The exact value rounded to one digit and `places` after it. */
export function filledToDigits(value: number, places: number): Decimal {
  return rounded(exactDecimal(value), places + 1, 'nearest');
}

/** `12.`, `0.25`, `-0.`: digits, a point always, and no zeros at the end. */
export function positionalText({ sign, digits, exponent }: Decimal): string {
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits === '0' ? '' : digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1)}`;
}

/** `1.250e-05`: the fraction filled with zeros to `places`, the exponent with zeros to `exponentDigits`. */
export function scientificText(
  { sign, digits, exponent }: Decimal,
  places: number,
  exponentDigits: number,
): string {
  const fraction = digits.slice(1).padEnd(places, '0');
  const power = String(Math.abs(exponent)).padStart(exponentDigits, '0');
  return `${sign}${digits.slice(0, 1)}.${fraction}e${exponent < 0 ? '-' : '+'}${power}`;
}

/** Digits that tell every float32 apart. */
const float32Digits = 9;

/** A hundred and one digits: all of them for every tie between short decimals that a float can hit. */
function exactDecimal(value: number): Decimal {
  return decimalOf(value, value.toExponential(100));
}

/** The first `kept` digits, which may be none or fewer. The nearest takes the even digit of a tie; up is away from zero. */
function rounded(exact: Decimal, kept: number, direction: 'nearest' | 'up'): Decimal {
  const zero = { sign: exact.sign, digits: '0', exponent: 0 };
  if (kept < 0) return zero;
  const head = BigInt(`0${exact.digits.slice(0, kept).padEnd(kept, '0')}`);
  const tail = exact.digits.slice(kept);
  const beyondHalf = tail === '5' ? head % 2n === 1n : tail >= '5';
  const text = String(beyondHalf || direction === 'up' ? head + 1n : head);
  if (text === '0') return zero;
  const exponent = exact.exponent + text.length - kept;
  return { sign: exact.sign, digits: text.replace(/0+$/, ''), exponent };
}

/** The parts of what `toExponential` gives. */
function decimalOf(value: number, text: string): Decimal {
  const end = text.indexOf('e');
  const digits = text.slice(0, end).replace(/[-.]/g, '').replace(/0+$/, '') || '0';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  return { sign, digits, exponent: Number(text.slice(end + 1)) };
}
