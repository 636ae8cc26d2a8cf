/** The text of THIRD-PARTY-NOTICES: what of others is in the packages, under which licences. */
import { legalTexts, shippedPackages } from './contents.mjs';

const line = '-'.repeat(80);

/**
 * Under their own licence texts; one that brings none says so, with what its manifest says.
 * @param {import('./contents.mjs').Contents} contents
 */
export function noticesText(contents) {
  const packages = shippedPackages(contents, { native: true });
  const list = packages.map(({ name, version, license }) => `- ${name} ${version} (${license})`);
  const sections = packages.map((each) => {
    const texts = legalTexts(each).map(({ file, text }) => `${file}\n\n${text.trim()}`);
    const none = `It brings no licence text; its manifest says ${each.license}.`;
    return [`${each.name} ${each.version}`, texts.length > 0 ? texts.join(`\n\n`) : none];
  });
  return `Third-party notices

TBlock contains the packages below, each under its own licence.
Made by \`npm run package\` from what the bundles contain.
webgpu is in the packages of a platform only; assemblyscript is the compiler of the kernels, which contain parts of its library.

${list.join('\n')}
${sections.map(([title, text]) => `\n${line}\n${title}\n${line}\n\n${text}\n`).join('')}`;
}
