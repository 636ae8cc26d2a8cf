import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const examples = fileURLToPath(new URL('../../examples', import.meta.url));

/** Where a picture of the workbench goes: `npm run pictures` renews those of the docs, other runs leave them alone. */
export function picture(name: string): string {
  const at = (folder: string) =>
    fileURLToPath(new URL(`../../${folder}/${name}.png`, import.meta.url));
  const ofDocs = at('docs/images');
  return process.env['TBLOCK_PICTURES'] === '1' && existsSync(ofDocs)
    ? ofDocs
    : at('.cache/pictures');
}

/** Where a picture of the walkthrough goes, in the colours of a theme. */
export function walkthroughPicture(name: string, theme: 'light' | 'dark'): string {
  const folder =
    process.env['TBLOCK_PICTURES'] === '1' ? 'media/walkthrough' : '.cache/pictures/walkthrough';
  return fileURLToPath(new URL(`../../${folder}/${name}-${theme}.png`, import.meta.url));
}

/** Line and column, from 1, of the `‸` in `context`, a part of the example with the mark put in. */
export function placeIn(example: string, context: string): [line: number, column: number] {
  const text = readFileSync(`${examples}/${example}`, 'utf8');
  const start = text.indexOf(context.replace('‸', ''));
  if (start < 0) throw new Error(`${example} has no ‘${context}’.`);
  const before = text.slice(0, start + context.indexOf('‸')).split('\n');
  return [before.length, (before.at(-1)?.length ?? 0) + 1];
}
