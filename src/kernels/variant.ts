/** The variants of gemm's tile. All are compiled from the same sources and differ in speed and in the last bits only. */
import fma3x12 from './generated/fma-3x12.wasm';
import fma6x8 from './generated/fma-6x8.wasm';
import fma6x16 from './generated/fma-6x16.wasm';
import mulAdd4x8 from './generated/mul-add-4x8.wasm';
import variants from './variants.json' with { type: 'json' };

/** Multiplications and additions fused or one after the other; the numbers are the rows and columns of a tile. */
export type Variant = keyof typeof variants;

/** Where the processor or V8 gains nothing from the more demanding ones, they lose: that is measured. */
export const variantNames = Object.keys(variants) as Variant[];

const bytesOf: Readonly<Record<Variant, Uint8Array<ArrayBuffer>>> = {
  'fma-6x16': fma6x16,
  'fma-6x8': fma6x8,
  'fma-3x12': fma3x12,
  'mul-add-4x8': mulAdd4x8,
};

export function isValid(variant: Variant): boolean {
  return WebAssembly.validate(bytesOf[variant]);
}

export function compile(variant: Variant): WebAssembly.Module {
  return new WebAssembly.Module(bytesOf[variant]);
}

/** How many numbers a packed matrix [inner, columns] takes: its columns are filled up to whole panels. */
export function packedLength(inner: number, columns: number, variant: Variant): number {
  const width = variants[variant].vectors * 4;
  return inner * Math.ceil(columns / width) * width;
}
