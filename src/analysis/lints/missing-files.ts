/** TB205, as far as it is known without reading: files that a run, a mapping or a first value names and nobody has. */
import { t } from '@vscode/l10n';
import { type Diagnostic, diagnostic } from '../../shapes/index.ts';
import { dataFiles } from '../named-files.ts';
import type { Lint } from './lint.ts';

export const missingFiles: Lint = {
  codes: ['fileUnreadable'],
  check: ({ analysis }) =>
    dataFiles(analysis)
      .filter(({ file }) => analysis.hasFile(file) === false)
      .map(({ file, source }): Diagnostic => {
        const message = t`There is no file ${file}. The path is relative to this file.`;
        return diagnostic('fileUnreadable', source, message);
      }),
};
