/** Written by `tile.mjs` for each variant. */

/** The most rows of a tile. */
export const tileRows: i32;
/** The columns of a tile, and of a panel of b. */
export const panelColumns: i32;

/** a · b + c, rounded once where the variant is made of fused multiplications. */
export function madd(a: v128, b: v128, c: v128): v128;

/** What `farTile` reads ahead: a power of two. */
export const farBytes: i32;

/**
 * c = from + a · b for `height` rows of a [depth, height] and a panel b [depth, panelColumns]; depth is at least 1. At
 * each step a byte at `ahead` + `spot` is read, and `spot` moved by `step`.
 */
export function nearTile(
  height: i32,
  a: usize,
  b: usize,
  depth: i32,
  from: usize,
  fromRow: usize,
  c: usize,
  cRow: usize,
  ahead: usize,
  spot: usize,
  step: usize,
): void;

/** The same with `spot` modulo `farBytes`. */
export function farTile(
  height: i32,
  a: usize,
  b: usize,
  depth: i32,
  from: usize,
  fromRow: usize,
  c: usize,
  cRow: usize,
  ahead: usize,
  spot: usize,
  step: usize,
): void;

/** The same for a with a single row, in another order of summation. */
export function row(a: usize, b: usize, depth: i32, from: usize, c: usize): void;
