/** README: the table of sizes in it, and the form in which VS Code shows it beside an installed extension. */

const table = /(?<=<!-- sizes -->\n)[\s\S]*?(?=<!-- \/sizes -->)/;

/**
 * @typedef {object} Size
 * @property {string} target
 * @property {number} bytes
 * @property {number} limit megabytes
 */

/** @param {number} bytes */
export const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

/**
 * README with the table of these sizes in the place of the one before.
 * @param {string} readme
 * @param {readonly Size[]} sizes
 */
export function withSizes(readme, sizes) {
  const rows = sizes.map(
    ({ target, bytes, limit }) => `| ${target} | ${megabytes(bytes)} | ${limit} |`,
  );
  const text = ['| package | MB | limit |', '| --- | ---: | ---: |', ...rows, ''].join('\n');
  return readme.replace(table, text);
}

/**
 * What the table of README says, by target, in megabytes.
 * @param {string} readme
 * @returns {ReadonlyMap<string, number>}
 */
export function sizesIn(readme) {
  const rows = (table.exec(readme)?.[0] ?? '').matchAll(/^\| ([\w-]+) \| ([\d.]+) \| \d+ \|$/gm);
  return new Map([...rows].map(([, target = '', size]) => [target, Number(size)]));
}

/** What only those need who have the repository. */
const forCheckouts = /^## (Begin|Packages|Contributing)\n[\s\S]*?(?=^## |^Licensed )/gm;

/**
 * As the packages have it: without what is about the repository.
 * @param {string} readme
 */
export function forUsers(readme) {
  return readme.replace(forCheckouts, '');
}

/**
 * VS Code shows no picture that comes with an extension, only those of an https address: without one the pictures go,
 * and links to files leave their words.
 * @param {string} readme
 */
export function withoutFiles(readme) {
  return readme
    .replace(/^!\[[^\]]*\]\((?!https:)[^)]*\)\n/gm, '')
    .replace(/\[([^\]]*)\]\((?!https?:|#)[^)]*\)/g, '$1')
    .replace(/\n{3,}/g, '\n\n');
}
