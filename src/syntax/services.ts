import {
  createDefaultCoreModule,
  createDefaultSharedCoreModule,
  EmptyFileSystem,
  inject,
  type LangiumCoreServices,
  type LangiumParser,
  type LangiumSharedCoreServices,
  type Module,
} from 'langium';
import { TblockGeneratedModule, TblockGeneratedSharedModule } from './generated/module.ts';
import { TblockLexer } from './lexer.ts';
import { createTblockParser } from './parser.ts';
import { TblockParserErrorMessages } from './syntax-messages.ts';
import { TblockValueConverter } from './value-converter.ts';

interface TblockParserServices {
  parser: {
    LangiumParser: LangiumParser;
    Lexer: TblockLexer;
    ValueConverter: TblockValueConverter;
    ParserErrorMessageProvider: TblockParserErrorMessages;
  };
}

/** The parts of the parser that are ours. A language server injects it after the generated module. */
export const tblockParserModule: Module<LangiumCoreServices, TblockParserServices> = {
  parser: {
    LangiumParser: (services) => createTblockParser(services),
    Lexer: (services) => new TblockLexer(services),
    ValueConverter: () => new TblockValueConverter(),
    ParserErrorMessageProvider: () => new TblockParserErrorMessages(),
  },
};

/** Services for parsing alone, without a file system or an editor. */
export function createTblockCoreServices(): LangiumCoreServices {
  const shared: LangiumSharedCoreServices = inject(
    createDefaultSharedCoreModule(EmptyFileSystem),
    TblockGeneratedSharedModule,
  );
  const services: LangiumCoreServices = inject(
    createDefaultCoreModule({ shared }),
    TblockGeneratedModule,
    tblockParserModule,
  );
  shared.ServiceRegistry.register(services);
  return services;
}
