/** Files and texts that other programs define: safetensors, `.npy`, `.npz`, NumPy's printed arrays and NumPy's random numbers. */

export type { NumberArray } from './elements.ts';
export { fileVersion } from './file-blocks.ts';
export type { FormatError, FormatErrorCode } from './format-error.ts';
export { type ImportedModel, importHuggingFace } from './hf/import.ts';
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
export { fillWidened, joined, type StoredValues, widened } from './stored-values.ts';
export {
  slicedView,
  type TensorView,
  transposedView,
  type ViewItem,
  wholeView,
} from './tensor-view.ts';
export { openTokenizer, type TextTokenizer, type TokenizedText } from './tokenizer.ts';
export { openWeights, type WeightsFile, type WeightsTensor } from './weights-file.ts';
