import { interpolateRdBu, interpolateYlGnBu } from 'd3-scale-chromatic';
import type { CellKind, Matrix } from './matrix.ts';

/** Red, green, blue, 0 … 255. */
export type Rgb = readonly [number, number, number];

/** What the map lies on: the value that means nothing fades into it. */
export type Ground = 'light' | 'dark';

/** How many colours a map has. */
export const colourCount = 256;

/**
 * The colours from low to high. Sequential maps run from the ground to its opposite (ColorBrewer YlGnBu, reversed on
 * dark). Diverging maps have the ground at 0, blue below and red above: ColorBrewer RdBu on light; on dark, where a
 * white middle would glare, two arms of even lightness steps in OKLCH. All are safe for red-green blindness.
 */
export function colourMap(scale: Matrix['scale'], ground: Ground): readonly Rgb[] {
  const key = `${scale} on ${ground}`;
  const known = madeMaps.get(key);
  if (known !== undefined) return known;
  const map = maps[ground][scale];
  const made = Array.from({ length: colourCount }, (_, i) => map(i / (colourCount - 1)));
  madeMaps.set(key, made);
  return made;
}

const madeMaps = new Map<string, readonly Rgb[]>();

/** Index into a colour map for a finite value; values outside the range get the nearest end. */
export function colourIndex(value: number, low: number, high: number): number {
  if (high <= low) return 0;
  const place = Math.round(((value - low) / (high - low)) * (colourCount - 1));
  return Math.max(0, Math.min(colourCount - 1, place));
}

/** A mark for cells that have no place on the map: a colour, and lines across it where a cell is large enough. */
export interface CellMark {
  readonly fill: Rgb;
  readonly lines: Rgb;
  readonly pattern: 'rising' | 'falling' | 'crossed';
}

/** The marks. They differ in colour and in pattern, so that neither alone must be told apart. */
export const cellMarks: Readonly<Record<Ground, Record<Exclude<CellKind, 'value'>, CellMark>>> = {
  light: {
    masked: { fill: [255, 255, 255], lines: [214, 214, 214], pattern: 'rising' },
    nan: { fill: [214, 39, 214], lines: [255, 255, 255], pattern: 'crossed' },
    plusInfinity: { fill: [255, 176, 0], lines: [90, 50, 0], pattern: 'rising' },
    minusInfinity: { fill: [176, 218, 206], lines: [110, 178, 160], pattern: 'falling' },
    above: { fill: parseRgb(interpolateRdBu(0)), lines: [255, 190, 160], pattern: 'rising' },
    below: { fill: parseRgb(interpolateRdBu(1)), lines: [150, 200, 255], pattern: 'falling' },
  },
  dark: {
    masked: { fill: [30, 30, 30], lines: [58, 58, 58], pattern: 'rising' },
    nan: { fill: [214, 39, 214], lines: [255, 255, 255], pattern: 'crossed' },
    plusInfinity: { fill: [255, 176, 0], lines: [90, 50, 0], pattern: 'rising' },
    minusInfinity: { fill: [18, 66, 56], lines: [12, 112, 92], pattern: 'falling' },
    above: { fill: darkDiverging(1), lines: [90, 30, 0], pattern: 'rising' },
    below: { fill: darkDiverging(0), lines: [0, 40, 90], pattern: 'falling' },
  },
};

const maps: Record<Ground, Record<Matrix['scale'], (t: number) => Rgb>> = {
  light: {
    sequential: (t) => parseRgb(interpolateYlGnBu(t)),
    diverging: (t) => parseRgb(interpolateRdBu(1 - t)),
  },
  dark: {
    sequential: (t) => parseRgb(interpolateYlGnBu(1 - t)),
    diverging: darkDiverging,
  },
};

/** Blue for negative, orange-red for positive, darkest in the middle. */
function darkDiverging(t: number): Rgb {
  const reach = Math.abs(2 * t - 1);
  const hue = t < 0.5 ? 250 : 45;
  return fromOklch(0.22 + 0.58 * reach, 0.15 * Math.sqrt(reach) * (1.25 - 0.4 * reach), hue);
}

/** `rgb(1, 2, 3)` or `#010203`. */
function parseRgb(text: string): Rgb {
  const hex = /^#(..)(..)(..)$/.exec(text);
  const parts = hex?.slice(1).map((part) => Number.parseInt(part, 16)) ?? text.match(/\d+/g);
  const [red, green, blue] = (parts ?? []).map(Number);
  return [red ?? 0, green ?? 0, blue ?? 0];
}

/** OKLCH (lightness 0 … 1, chroma, hue in degrees) to sRGB, clipped. Source: Ottosson, "A perceptual color space" (2020). */
function fromOklch(lightness: number, chroma: number, hue: number): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    toByte(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    toByte(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    toByte(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  ];
}

/** Linear light to a gamma-encoded byte of sRGB. */
function toByte(linear: number): number {
  const bounded = Math.max(0, Math.min(1, linear));
  const encoded = bounded <= 0.0031308 ? 12.92 * bounded : 1.055 * bounded ** (1 / 2.4) - 0.055;
  return Math.round(encoded * 255);
}
