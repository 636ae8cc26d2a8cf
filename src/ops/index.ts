export * from './op.ts';
export * from './source.ts';
