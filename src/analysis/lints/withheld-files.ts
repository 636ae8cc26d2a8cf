/** TB213 and TB214. */
import { dataFiles, importedFiles } from '../named-files.ts';
import { withheldOf } from '../withheld-files.ts';
import type { Lint } from './lint.ts';

export const withheldFiles: Lint = {
  codes: ['fileOutside', 'fileRestricted'],
  check: ({ analysis }) =>
    withheldOf(analysis, [...importedFiles(analysis), ...dataFiles(analysis)]),
};
