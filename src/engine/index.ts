export * from './backend.ts';
export * from './choose-backend.ts';
export * from './feed.ts';
export { nodeCall } from './node-call.ts';
export * from './run-graph.ts';
