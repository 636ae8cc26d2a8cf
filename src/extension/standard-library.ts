/** The standard library as a document that can be read and gone to: `tblock:/prelude.tblock`. */
import * as vscode from 'vscode';
import type { Feature } from './feature.ts';

export const standardLibrary: Feature = ({ language }) => [
  vscode.workspace.registerTextDocumentContentProvider('tblock', {
    provideTextDocumentContent: async (uri) => {
      const text = await language.ask('tblock/text', { uri: uri.toString() });
      return text ?? `// ${vscode.l10n.t('There is no document {0}.', uri.toString())}\n`;
    },
  }),
];
