/** A number to be read: four significant digits, plain from 0.001 to 99 999, else with an exponent, with a true minus. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+∞' : '−∞';
  if (value === 0) return '0';
  // Rounded first: 0.99999 has as many decimals as 1.000.
  const size = Number(Math.abs(value).toPrecision(4));
  if (Number.isInteger(value) && size < 1e6) return minus(String(value));
  if (size >= 0.001 && size < 99_999.5) {
    const decimals = Math.max(0, 3 - Math.floor(Math.log10(size)));
    return minus(value.toFixed(Math.min(decimals, 6)));
  }
  const [mantissa = '', exponent = ''] = value.toExponential(2).split('e');
  return `${minus(mantissa)}e${minus(exponent.replace('+', ''))}`;
}

/** A duration to be read: `0.4 ms`, `12 ms`, `1.3 s`, `2 min 5 s`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** A count to be read: `768`, `38.6 k`, `124 M`, `1.5 G`; bytes with their unit after it. */
export function countText(count: number): string {
  for (const [size, unit] of [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (count >= size * 0.9995) return `${Number((count / size).toPrecision(3))} ${unit}`;
  }
  return String(count);
}

/** `[N=12, d=32]`; an axis whose name is its size says it once. */
export function axesText(
  axes: readonly { readonly name: string; readonly size: number }[],
): string {
  const parts = axes.map(({ name, size }) =>
    name === '' || name === String(size) ? String(size) : `${name}=${size}`,
  );
  return `[${parts.join(', ')}]`;
}

function minus(text: string): string {
  return text.replace('-', '−');
}
