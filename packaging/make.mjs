/**
 * `npm run package`: makes the `.vsix` files in `dist/packages`, and writes THIRD-PARTY-NOTICES and README's table of
 * sizes. `npm run package -- linux-x64 universal` makes these alone, and leaves the table.
 * --images-url URL is where the pictures of README can be fetched, in a folder `docs/images`; without it the packaged
 * README has none.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './contents.mjs';
import { noticesText } from './notices.mjs';
import { buildForPackages, makePackage } from './package.mjs';
import { megabytes, withSizes } from './readme.mjs';
import { targets } from './targets.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'images-url': { type: 'string' } },
});
const names = positionals.length > 0 ? positionals : Object.keys(targets);

const bundles = await buildForPackages(join(root, '.cache/package'));
writeFileSync(join(root, 'THIRD-PARTY-NOTICES'), noticesText(bundles.contents));
const sizes = [];
for (const target of names) {
  const { bytes, file } = await makePackage(target, {
    bundles,
    folder: join(root, 'dist/packages'),
    imagesUrl: values['images-url'],
  });
  const limit = targets[target]?.limit ?? 0;
  sizes.push({ target, bytes, limit });
  process.stdout.write(`${target}: ${megabytes(bytes)} MB of ${limit} MB, ${file}\n`);
  if (bytes > limit * 1e6) {
    process.stderr.write(`${target} is larger than its limit in packaging/targets.mjs.\n`);
    process.exitCode = 1;
  }
}
const readme = join(root, 'README.md');
if (positionals.length === 0) {
  writeFileSync(readme, withSizes(readFileSync(readme, 'utf8'), sizes));
}
