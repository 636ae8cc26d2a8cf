export type * from './attention.ts';
export type * from './matrix.ts';
export type * from './protocol.ts';
export type * from './residual-stream.ts';
export type * from './shapes.ts';
export type * from './statistics.ts';
export type * from './tensor.ts';
