/** Tables of whole numbers for kernels. */

/**
 * Devices hold numbers as float32, which counts exactly to 2^24 only, so every entry becomes two: a kernel reads entry
 * i as `table[2 * i] * 32768 + table[2 * i + 1]`.
 */
export function wholeTable(numbers: readonly number[]): readonly number[] {
  return numbers.flatMap((number) => [Math.floor(number / 32768), number % 32768]);
}
