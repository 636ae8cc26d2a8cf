/** What is right is not complained of: the examples, the standard library and the good programs have no findings. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { analyze, findingsOf, preludeText, preludeUri } from '../../src/analysis/index.ts';
import { diskFiles, uriOf } from '../../src/session/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folders = ['examples', 'test/programs/good', 'test/reference/models'];
/** Mistakes to look at, and values that are there to be compared with PyTorch's. */
const onPurpose = new Set(['shape-errors.tblock', 'blocks.tblock']);
const files = folders.flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.tblock') && !onPurpose.has(name))
    .map((name) => join(folder, name)),
);

function found(uri: string, text: string): readonly string[] {
  return findingsOf(analyze(uri, text, diskFiles())).map(({ code, source, message }) => {
    const line = text.slice(0, source.start).split('\n').length;
    return `${line}: ${code} ${message}`;
  });
}

test.each(files)('%s', (file) => {
  expect(found(uriOf(join(root, file)), readFileSync(join(root, file), 'utf8'))).toEqual([]);
});

test('the standard library', () => {
  expect(found(preludeUri, preludeText)).toEqual([]);
});
