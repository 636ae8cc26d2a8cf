export * from './addresses.ts';
export * from './reach.ts';
