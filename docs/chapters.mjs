/**
 * The page about the chapters: their numeric examples, run, with the book's figures beside what was measured. The
 * figures stand in the examples, after the expectation that has the measured value: `// printed: [0.3, 0.5]`.
 */
import { readdirSync, readFileSync } from 'node:fs';

const folder = 'examples/chapters/';

/** @param records what generate.mjs bundles: `runExample` and `findingsOf` among it */
export async function chaptersPage({ runExample, findingsOf, root }) {
  const names = readdirSync(root + folder)
    .filter((name) => name.endsWith('.tblock'))
    .sort((a, b) => nameOf(a).localeCompare(nameOf(b), 'en'));
  const chapters = [];
  for (const name of names) {
    const text = readFileSync(root + folder + name, 'utf8');
    const findings = findingsOf(root + folder + name).filter(
      ({ severity }) => severity === 'error',
    );
    chapters.push(
      findings.length > 0
        ? { name, text, findings }
        : {
            name,
            text,
            runs: await runsOf(name, text, (run) => runExample(root + folder + name, run)),
          },
    );
  }
  return pageText(chapters);
}

/** A listing comes after the chapter that it belongs to. */
function nameOf(file) {
  return file.replace(/\.tblock$/, '');
}

/** Every run with its sentence, its checks, and its figures. */
async function runsOf(name, text, runExample) {
  const runs = [];
  for (const { 1: documentation, 2: run, 3: body } of text.matchAll(runPattern)) {
    const { expectations, valuesOf } = await runExample(run);
    const figures = [];
    for (const [, path, printed] of body.matchAll(printedPattern)) {
      figures.push({ path, printed, measured: await valuesOf(path) });
    }
    if (expectations.some(({ passed }) => !passed)) throw new Error(`${name}: ${run} fails.`);
    const doc = documentation
      .replace(/^\/\/\/ ?/gm, '')
      .replace(/\n/g, ' ')
      .trim();
    runs.push({ run, doc, checks: expectations.length, figures });
  }
  return runs;
}

const runPattern = /((?:^\/\/\/.*\n)+)^run (\w+) for \w+ \{\n((?: .*\n)*)\}/gm;
const printedPattern = /^ {2}expect (\S+) .*\/\/ printed: (.+)$/gm;

function pageText(chapters) {
  const figures = chapters.flatMap(({ runs = [] }) => runs.flatMap((run) => run.figures));
  const wrong = figures.filter((figure) => !holds(figure)).length;
  return `# The chapters, executed

Made from the files in [examples/chapters](../examples/chapters) and their results on the float64 reference by \`npm run docs\`; edit them there.

TBlock comes from five chapters of a textbook about the transformer block.
Each of their numeric examples is a run with \`expect\` lines, in the chapter's order; their lemmas and theorems are runs too, as far as numbers can check them.
A figure holds where the measured value, rounded to the printed digits, is the printed one.
Of ${figures.length} printed figures ${figures.length - wrong} hold and ${wrong} do not; the runs expect the measured value, and pass.
${chapters.map(chapterText).join('')}`;
}

function chapterText({ name, text, runs, findings }) {
  const [title = ''] = text.split('\n');
  const link = `[${name}](../examples/chapters/${name})`;
  if (findings !== undefined) return listingText(link, text, findings);
  return `
## ${title.replace('/// ', '').split(':')[0]}

${link}
${runs.map(runText).join('')}`;
}

function runText({ run, doc, checks, figures }) {
  const rows = figures.map(
    (figure) =>
      `| \`${figure.path}\` | ${figure.printed} | ${numbersText(figure)} | ${holds(figure) ? 'holds' : '**does not hold**'} |`,
  );
  const table = `
| | printed | measured | |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
  const without = `
No figure is printed. ${checks === 1 ? 'Its check holds.' : `Its ${checks} checks hold.`}
`;
  return `
### ${run}

${doc}
${figures.length > 0 ? table : without}`;
}

function listingText(link, text, findings) {
  const lines = text.split('\n');
  const shown = findings.map(({ code, message, source }) => {
    const line = text.slice(0, source.start).split('\n').length;
    return `- Line ${line}, \`${lines[line - 1].trim()}\`: ${code} ${message}`;
  });
  return `
### A listing with a shape error

${link}

${text
  .split('\n')
  .filter((line) => line.startsWith('///'))
  .map((line) => line.slice(4))
  .join('\n')}

\`\`\`tblock
${text.replace(/^\/\/\/.*\n/gm, '').trim()}
\`\`\`

The checker says, before anything runs:

${shown.join('\n')}
`;
}

/** Whether every measured number, rounded to the digits of its printed one, is that one. */
function holds({ printed, measured }) {
  const digits = printed.match(/-?\d+(?:\.\d+)?/g) ?? [];
  if (digits.length !== measured.length) return false;
  return digits.every((text, i) => {
    const half = 0.5 * 10 ** -decimalsOf(text);
    return Math.abs(Number(text) - measured[i]) <= half + 1e-9;
  });
}

/** Two digits more than the book has. */
function numbersText({ printed, measured }) {
  const decimals = Math.max(...(printed.match(/\d+(?:\.\d+)?/g) ?? ['0']).map(decimalsOf)) + 2;
  const numbers = measured.map((value) => {
    const text = value.toFixed(decimals).replace(/\.?0+$/, '');
    return text === '-0' ? '0' : text;
  });
  return printed.startsWith('[') ? `[${numbers.join(', ')}]` : numbers[0];
}

function decimalsOf(text) {
  return text.split('.')[1]?.length ?? 0;
}
