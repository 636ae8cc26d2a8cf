/** A tensor of a run as a file, and as a text to be read. */
import { writeFileSync } from 'node:fs';
import { numpyText, writeNpy } from '../formats/index.ts';
import type { TensorValues } from '../trace/index.ts';
import { axesText, numberText, statisticsOf } from '../views/index.ts';

/** `.npy` as `numpy.save` writes it; anything else as CSV, a line for every index of the axes before the last. */
export function saveTensor({ info, data }: TensorValues, file: string): void {
  const shape = info.axes.map(({ size }) => size);
  if (file.endsWith('.npy')) {
    const written = writeNpy(file, {
      shape,
      data: info.dtype === 'int' ? Int32Array.from(data) : Float32Array.from(data),
    });
    if (!written.ok) throw new Error(written.error.message);
    return;
  }
  const width = shape.at(-1) ?? 1;
  const lines: string[] = [];
  for (let start = 0; start < data.length; start += width) {
    lines.push(`${data.subarray(start, start + width).join(',')}\n`);
  }
  writeFileSync(file, lines.join(''));
}

/** What the tensor is in two lines, then its values as NumPy prints them. */
export function printTensor({ info, data }: TensorValues): string {
  const { mean, std, min, max, norm } = statisticsOf(data);
  const statistics = Object.entries({ mean, std, min, max, norm });
  const numbers = statistics.map(([name, value]) => `${name} ${numberText(value)}`).join(' · ');
  const kind = info.dtype === 'int' ? ({ kind: 'int' } as const) : {};
  const values = numpyText({ shape: info.axes.map(({ size }) => size), data, ...kind });
  return `${info.path} ${axesText(info.axes)}\n${numbers}\n\n${values}\n`;
}
