import {
  cellKind,
  cellMarks,
  colourIndex,
  colourMap,
  type Ground,
  type Rgb,
} from '../src/views/index.ts';

/** The colour of a weight of 0 … 1. */
export function weightColour(ground: Ground, weight: number): Rgb {
  return (
    markOf(ground, weight) ??
    colourMap('sequential', ground)[colourIndex(weight, 0, 1)] ?? [0, 0, 0]
  );
}

/** The colour of a value on a scale about zero. */
export function signedColour(ground: Ground, value: number, most: number): Rgb {
  return (
    markOf(ground, value) ??
    colourMap('diverging', ground)[colourIndex(value, -most, most)] ?? [0, 0, 0]
  );
}

/** The colour of what is not finite, which has no place on a scale. */
function markOf(ground: Ground, value: number): Rgb | undefined {
  const kind = cellKind(value, {});
  return kind === 'value' ? undefined : cellMarks[ground][kind].fill;
}

export function colourText([red, green, blue]: Rgb): string {
  return `rgb(${red}, ${green}, ${blue})`;
}

/** A ground and the text on it: black or white, whichever is read better (WCAG's relative luminance). */
export function cellStyle(colour: Rgb): {
  readonly backgroundColor: string;
  readonly color: string;
} {
  const linear = (byte: number) => (byte / 255) ** 2.2;
  const [red, green, blue] = colour;
  const light = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  return { backgroundColor: colourText(colour), color: light > 0.18 ? '#000000' : '#ffffff' };
}
