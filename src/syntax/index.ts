export * from './generated/ast.ts';
export {
  TblockGeneratedModule,
  TblockGeneratedSharedModule,
  TblockLanguageMetaData,
} from './generated/module.ts';
export { TblockLexer } from './lexer.ts';
export { LineMap, type LinePosition } from './line-map.ts';
export { type ParsedProgram, parseProgram, type SyntaxProblem, syntaxProblemsOf } from './parse.ts';
export { createTblockParser, TblockParser } from './parser.ts';
export { type PathPart, pathPartsOf, pathText } from './paths.ts';
export { documentationOf, hasSyntaxError, rangeOf, type TextRange, textOf } from './ranges.ts';
export { createTblockCoreServices, tblockParserModule } from './services.ts';
export { TblockParserErrorMessages } from './syntax-messages.ts';
export { TblockValueConverter } from './value-converter.ts';
