/** Files and texts that other programs define: safetensors, `.npy`, NumPy's printed arrays and NumPy's random numbers. */
export type { NumberArray } from './elements.ts';
export type { FormatError, FormatErrorCode } from './format-error.ts';
export { type NpyArray, readNpy, writeNpy } from './npy.ts';
export { type NumpyTextOptions, numpyText, type PrintableArray } from './numpy-text.ts';
export { keyedStream, numpyRand, type RandomStream, type UniformStream } from './random.ts';
export type { Result } from './result.ts';
export {
  openSafetensors,
  type SafetensorsFile,
  type WritableTensor,
  writeSafetensors,
} from './safetensors.ts';
export type { SafetensorsDtype, SafetensorsTensor } from './safetensors-header.ts';
