export * from './dim.ts';
export type { Polynomial, Term } from './polynomial.ts';
export * from './shape.ts';
