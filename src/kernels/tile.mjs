/**
 * Writes the innermost loops of gemm: a tile of c stays in registers while one column of a and one row of b pass by per
 * step. There is a function per number of rows, so that no row is computed for nothing.
 *
 * The loop is not unrolled over k: V8 moves all loads of a loop body to its start, so the loads of several steps would
 * push the tile out of the registers. Only where a has no other row it is, over two sums that are added in the end: one
 * alone would wait for each multiplication to finish. That row is another sum than a row of a tile, so it may not depend
 * on how rows are shared whether it is used.
 *
 * WebAssembly has no instruction that fetches ahead, so each step also reads one byte of the panel that comes next; as a
 * read may trap, no compiler leaves it out. Where many tiles pass over a panel there is time for it, and the bytes are
 * read in order, at which the processor's own prefetching is best. Where they are few, several places are read in turns: a
 * page is then read slowly enough for that.
 */
export function tileSource({ rows, vectors, relaxed }) {
  const columns = vectors * 4;
  const heights = Array.from({ length: rows }, (_, row) => row + 1);
  return `${madd(relaxed)}
export const tileRows: i32 = ${rows};
export const panelColumns: i32 = ${columns};
export const farBytes: i32 = ${farBytes(columns)};
${['near', 'far'].map((ahead) => tilesOf(heights, vectors, ahead)).join('\n')}
${singleRow(vectors)}`;
}

/** What the places cover together: a power of two, and more than a panel has. */
function farBytes(columns) {
  return columns > 8 ? 65536 : 32768;
}

function tilesOf(heights, vectors, ahead) {
  const name = `${ahead}Tile`;
  const call = 'a, b, depth, from, fromRow, c, cRow, ahead, spot, step';
  return `
export function ${name}(height: i32, ${parameters}): void {
  switch (height) {
${heights.map((height) => `    case ${height}: return ${name}${height}(${call});`).join('\n')}
  }
}
${heights.map((height) => tileOf(height, vectors, ahead)).join('\n')}`;
}

const parameters =
  'a: usize, b: usize, depth: i32, from: usize, fromRow: usize, c: usize, cRow: usize, ahead: usize, spot: usize, step: usize';

const touch = {
  near: () => `    load<u8>(ahead);
    ahead += step;`,
  far: (columns) => `    load<u8>(ahead + spot);
    spot = (spot + step) & ${farBytes(columns) - 1};`,
};

const rowParameters = 'a: usize, b: usize, depth: i32, from: usize, c: usize';

function madd(relaxed) {
  const body = relaxed ? 'f32x4.relaxed_madd(a, b, c)' : 'f32x4.add(f32x4.mul(a, b), c)';
  return `/** a · b + c. */
@inline export function madd(a: v128, b: v128, c: v128): v128 { return ${body}; }`;
}

function tileOf(height, vectors, ahead) {
  const rows = Array.from({ length: height }, (_, row) => row);
  const across = Array.from({ length: vectors }, (_, vector) => vector);
  const next = (name) => `  ${name} += ${name}Row;`;
  return `
function ${ahead}Tile${height}(${parameters}): void {
${ahead === 'near' ? '  ahead += spot;\n' : ''}${rows.flatMap((r) => [...(r > 0 ? [next('from')] : []), ...across.map((v) => `  let c${r}${v} = v128.load(from, ${v * 16});`)]).join('\n')}
  const end = a + <usize>depth * ${height * 4};
  do {
${across.map((v) => `    const b${v} = v128.load(b, ${v * 16});`).join('\n')}
${rows.flatMap((r) => [`    const a${r} = v128.load32_splat(a, ${r * 4});`, ...across.map((v) => `    c${r}${v} = madd(a${r}, b${v}, c${r}${v});`)]).join('\n')}
${touch[ahead](vectors * 4)}
    a += ${height * 4};
    b += ${vectors * 16};
  } while (a < end);
${rows.flatMap((r) => [...(r > 0 ? [next('c')] : []), ...across.map((v) => `  v128.store(c, c${r}${v}, ${v * 16});`)]).join('\n')}
}`;
}

function singleRow(vectors) {
  const across = Array.from({ length: vectors }, (_, vector) => vector);
  const step = (k) =>
    across.map(
      (v) =>
        `    ${'cd'[k]}${v} = madd(a${k}, v128.load(b, ${(k * vectors + v) * 16}), ${'cd'[k]}${v});`,
    );
  return `
/** c = from + a · b for the only row of a. */
export function row(${rowParameters}): void {
${across.map((v) => `  let c${v} = v128.load(from, ${v * 16}), d${v} = f32x4.splat(0);`).join('\n')}
  const end = a + <usize>(depth & ~1) * 4;
  while (a < end) {
    const a0 = v128.load32_splat(a), a1 = v128.load32_splat(a, 4);
${[...step(0), ...step(1)].join('\n')}
    a += 8;
    b += ${vectors * 32};
  }
  if (depth & 1) {
    const a0 = v128.load32_splat(a);
${step(0).join('\n')}
  }
${across.map((v) => `  v128.store(c, f32x4.add(c${v}, d${v}), ${v * 16});`).join('\n')}
}`;
}
