/** What a hover shows of a tensor, and which tensors a place in the text made. */
import { encode } from 'fast-png';
import { numpyText } from '../formats/index.ts';
import type { NameFact } from '../shapes/index.ts';
import type { TensorInfo, Trace } from '../trace/index.ts';
import {
  type Ground,
  heatmapPixels,
  statisticsOf,
  type TensorPeek,
  tensorMatrix,
} from '../views/index.ts';

/** Pixels of the picture at most, and per cell at most. */
const pictureSize = { width: 240, height: 120, cell: 16 };
/** How much of the last axis the first values are taken from. */
const shownValues = 8;

/**
 * Paths of the tensors that the name at an offset stands for, in the order of the copies: those that the place itself
 * made, else those of the place where the name got its value.
 */
export function pathsAt(
  trace: Trace,
  facts: readonly NameFact[],
  uri: string,
  offset: number,
): readonly string[] {
  const made = pathsMadeAt(trace, uri, offset);
  if (made.length > 0) return made;
  const fact = facts.find(
    ({ source, definition }) =>
      definition !== undefined &&
      source.uri === uri &&
      source.start <= offset &&
      offset <= source.end,
  );
  return fact?.definition === undefined
    ? []
    : pathsMadeAt(trace, fact.definition.uri, fact.definition.start);
}

/** The shortest range that holds the offset, so that a name goes before the statement around it. */
function pathsMadeAt(trace: Trace, uri: string, offset: number): readonly string[] {
  const found = [...trace.tensors.values()].filter(
    ({ source }) => source.uri === uri && source.start <= offset && offset <= source.end,
  );
  const widths = found.map(({ source }) => source.end - source.start);
  const least = Math.min(...widths);
  return found.filter((_, i) => widths[i] === least).map(({ path }) => path);
}

export async function peekTensor(
  trace: Trace,
  paths: readonly string[],
  ground: Ground,
): Promise<TensorPeek | null> {
  const path = paths.at(-1);
  const values = path === undefined ? undefined : await trace.read(path);
  if (path === undefined || values === undefined) return null;
  const matrix = tensorMatrix(values, []);
  const cell = Math.max(
    1,
    Math.min(
      pictureSize.cell,
      Math.floor(pictureSize.width / Math.max(1, matrix.columns.size)),
      Math.floor(pictureSize.height / Math.max(1, matrix.rows.size)),
    ),
  );
  const pixels = heatmapPixels(
    matrix,
    {
      width: Math.min(pictureSize.width, matrix.columns.size * cell),
      height: Math.min(pictureSize.height, matrix.rows.size * cell),
    },
    ground,
  );
  return {
    path,
    axes: values.info.axes,
    statistics: statisticsOf(values.data),
    firstValues: firstValues(values.info, values.data),
    picture: encode({
      width: pixels.width,
      height: pixels.height,
      data: pixels.rgba,
      channels: 4,
      depth: 8,
    }),
    copies: paths.length,
  };
}

function firstValues(info: TensorInfo, data: Float32Array | Float64Array): string {
  const width = info.axes.at(-1)?.size ?? 1;
  const first = data.slice(0, Math.min(width, shownValues));
  const text = numpyText(
    { shape: info.axes.length === 0 ? [] : [first.length], data: first },
    { precision: 4 },
  );
  return width > shownValues ? text.replace(/\]$/, ' …]') : text;
}
