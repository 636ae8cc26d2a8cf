/** The requests that the editor's side of TBlock has beyond LSP: what can be run, and virtual documents. */
import { preludeText, preludeUri } from '../analysis/index.ts';
import type { Feature } from './feature.ts';
import type { LanguageRequests } from './protocol.ts';

export const editorRequests: Feature = {
  name: 'editor requests',
  capabilities: {},
  attach: ({ connection, programs, guarded }) => {
    const answer = <Name extends keyof LanguageRequests>(
      name: Name,
      empty: LanguageRequests[Name]['result'],
      handle: (params: LanguageRequests[Name]['params']) => LanguageRequests[Name]['result'],
    ) => connection.onRequest(name, guarded(name, empty, handle));

    answer('tblock/targets', [], ({ uri }) => {
      const program = programs.program(uri);
      if (program === undefined) return [];
      return program.analysis.targets.map(({ kind, name, source }) => ({
        ...{ kind, name },
        line: program.lines.positionAt(source.start).line,
      }));
    });
    answer('tblock/virtualTexts', {}, ({ uri }) => {
      programs.program(uri);
      return programs.virtualTexts(uri);
    });
    answer('tblock/text', null, ({ uri }) => (uri === preludeUri ? preludeText : null));
  },
};
