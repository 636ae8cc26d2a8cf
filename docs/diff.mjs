/** Diffs that add what is in the repository, as `git diff` writes them: what the repository would lack without. */
import { readFileSync } from 'node:fs';

const context = 3;

/**
 * The diff that adds a file.
 * @param {string} root
 * @param {string} path
 */
export function addingFile(root, path) {
  const lines = linesOf(root, path);
  return [
    `diff --git a/${path} b/${path}`,
    'new file mode 100644',
    '--- /dev/null',
    `+++ b/${path}`,
    `@@ -0,0 +1,${lines.length} @@`,
    ...lines.map((line) => `+${line}`),
  ].join('\n');
}

/**
 * The diff that adds lines to a file: those in which `added` is found, and from such a line on up to one that matches
 * `upTo`.
 * @param {string} root
 * @param {string} path
 * @param {RegExp} added
 * @param {RegExp} [upTo]
 * @throws Error where there is none
 */
export function addingLines(root, path, added, upTo) {
  const lines = linesOf(root, path);
  let inside = false;
  const isAdded = lines.map((line) => {
    const begins = added.test(line);
    const isIn = begins || inside;
    if (upTo !== undefined) inside = isIn && !upTo.test(line);
    return isIn;
  });
  if (!isAdded.includes(true)) throw new Error(`${path} has no line like ${added}.`);
  return [
    `diff --git a/${path} b/${path}`,
    `--- a/${path}`,
    `+++ b/${path}`,
    ...hunksOf(lines, isAdded),
  ].join('\n');
}

/** The added lines with those around them; what overlaps is one hunk. */
function hunksOf(lines, isAdded) {
  const near = (at) => isAdded.slice(Math.max(0, at - context), at + context + 1).includes(true);
  const hunks = [];
  let before = 0;
  for (let at = 0; at < lines.length; at += 1) {
    if (!near(at)) {
      before += 1;
      continue;
    }
    const start = at;
    while (at + 1 < lines.length && near(at + 1)) at += 1;
    const shown = lines.slice(start, at + 1);
    const added = isAdded.slice(start, at + 1).filter(Boolean).length;
    const kept = shown.length - added;
    hunks.push(
      `@@ -${before + 1},${kept} +${start + 1},${shown.length} @@`,
      ...shown.map((line, i) => `${isAdded[start + i] ? '+' : ' '}${line}`),
    );
    before += kept;
  }
  return hunks;
}

function linesOf(root, path) {
  return readFileSync(`${root}${path}`, 'utf8').replace(/\n$/, '').split('\n');
}
