export { formatChanges, formatted, type TextChange } from './format.ts';
export * from './generated/ast.ts';
export { LineMap, type LinePosition } from './line-map.ts';
export { type ParsedPiece, type ParsedProgram, parseProgram, type SyntaxProblem } from './parse.ts';
export { type PathPart, pathPartsOf, pathText } from './paths.ts';
export {
  documentationOf,
  hasSyntaxError,
  rangeOf,
  remarkOf,
  type TextRange,
  textOf,
} from './ranges.ts';
export { type RawComment, type RawToken, type ScanResult, scan } from './scanner.ts';
