/** The software bill of materials of a package, in CycloneDX. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import { root, shippedPackages } from './contents.mjs';

/**
 * JSON: TBlock, and every package of npm in it with its version, licence and the hash under which npm has it.
 * @param {import('./contents.mjs').Contents} contents
 * @param {{ version: string, native: boolean }} of
 */
export function billOfMaterials(contents, { version, native }) {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const bom = new Models.Bom();
  const tblock = new Models.Component(Enums.ComponentType.Application, 'tblock', {
    bomRef: `tblock@${version}`,
    version,
    licenses: new Models.LicenseRepository([new Models.SpdxLicense('MIT')]),
  });
  bom.metadata.component = tblock;
  for (const { name, version, license, folder } of shippedPackages(contents, { native })) {
    const component = library(name, version, license, lock[folder].integrity);
    bom.components.add(component);
    tblock.dependencies.add(component.bomRef);
  }
  const serializer = new Serialize.JsonSerializer(
    new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6),
  );
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

/**
 * @param {string} name
 * @param {string} version
 * @param {string} license
 * @param {string} integrity as the lock file has it
 */
function library(name, version, license, integrity) {
  const [, group, short = name] = /^(?:(@[^/]+)\/)?(.+)$/.exec(name) ?? [];
  return new Models.Component(Enums.ComponentType.Library, short, {
    bomRef: `${name}@${version}`,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    hashes: new Models.HashDictionary([
      [
        Enums.HashAlgorithm['SHA-512'],
        Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex'),
      ],
    ]),
    licenses: new Models.LicenseRepository([new Models.SpdxLicense(license)]),
    ...(group !== undefined && { group }),
  });
}
