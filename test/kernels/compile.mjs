/** Before any test: the kernels that it may load. */
export { buildKernels as setup } from '../../src/kernels/build.mjs';
