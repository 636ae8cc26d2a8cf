/** Lays out the folder that becomes a package: exactly what the extension needs when it runs, and what it owes others. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { billOfMaterials } from './bill-of-materials.mjs';
import { root, shippedBundles } from './contents.mjs';
import { sliceFor } from './mach-o.mjs';
import { noticesText } from './notices.mjs';
import { forUsers, withoutFiles } from './readme.mjs';

/** What goes in as it lies in the repository; pages of `docs` that messages and README lead to are text alone. */
const taken = [/^(LICENSE|CHANGELOG\.md)$/, /^package\.nls.*\.json$/, /^(media|examples|l10n)$/];

/** What only makes an example, and is of no use without the repository. */
const leftOut = /[\\/]examples[\\/]training$/;

/** Fields of the manifest that are about developing. */
const developing = [
  ...['private', 'bin', 'scripts', 'overrides'],
  ...['dependencies', 'devDependencies', 'optionalDependencies'],
];

/**
 * @param {string} folder that is emptied
 * @param {object} from
 * @param {string} from.build the folder of the bundles
 * @param {import('./contents.mjs').Contents} from.contents
 * @param {import('./targets.mjs').Target} from.target
 * @param {string | undefined} from.imagesUrl where README's pictures can be fetched
 */
export function layOut(folder, { build, contents, target, imagesUrl }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'docs'), { recursive: true });
  for (const name of readdirSync(root).filter((each) => taken.some((one) => one.test(each)))) {
    cpSync(join(root, name), join(folder, name), {
      recursive: true,
      filter: (path) => !leftOut.test(path),
    });
  }
  for (const page of readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'))) {
    cpSync(join(root, 'docs', page), join(folder, 'docs', page));
  }
  for (const bundle of shippedBundles) {
    cpSync(join(build, bundle), join(folder, 'dist', bundle));
  }
  const native = target.native !== undefined;
  const { version, ...manifest } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const field of developing) delete manifest[field];
  delete manifest.engines.node;
  const readme = forUsers(readFileSync(join(root, 'README.md'), 'utf8'));
  const texts = {
    'package.json': json({ ...manifest, version }),
    'README.md': imagesUrl === undefined ? withoutFiles(readme) : readme,
    'THIRD-PARTY-NOTICES': noticesText(contents),
    // What is here is what is packaged.
    '.vscodeignore': '',
    'sbom.cdx.json': billOfMaterials(contents, { version, native }),
  };
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
  if (native) layOutNative(join(folder, 'dist/node_modules/webgpu'), target);
}

/**
 * The npm package `webgpu`, of its platforms' modules the one.
 * @param {string} folder
 * @param {import('./targets.mjs').Target} target
 */
function layOutNative(folder, { native = '', slice }) {
  const from = join(root, 'node_modules/webgpu');
  cpSync(join(from, 'dist', native), join(folder, 'dist', native), { recursive: true });
  for (const name of ['index.js', 'LICENSE.md']) cpSync(join(from, name), join(folder, name));
  const { name, version, license, type, main } = JSON.parse(
    readFileSync(join(from, 'package.json'), 'utf8'),
  );
  // Its install script and what that needs is not for what is installed already.
  writeFileSync(join(folder, 'package.json'), json({ name, version, license, type, main }));
  if (slice === undefined) return;
  for (const file of readdirSync(join(folder, 'dist', native))) {
    const path = join(folder, 'dist', native, basename(file));
    if (file.endsWith('.node')) writeFileSync(path, sliceFor(readFileSync(path), slice));
  }
}

/** @param {object} value */
function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}
