/** docs/reliability.md from the figures that the long tests recorded. */

const number = (value, digits = 0) =>
  value === null || value === undefined
    ? '–'
    : Number(value).toLocaleString('en', { maximumFractionDigits: digits });

/** @param {Map<string, Record<string, number>>} figures @param {string} machine */
export function page(figures, machine) {
  const sections = [fuzzing, coverage, ends, stops, engineStops, growth, large, webview, notFinite];
  return `# Reliability

Measured by \`npm run reliability\`, which writes this page; \`npm test\` runs a short form of every part.
The machine: ${machine}. It was shared with other work, so times are longer than on an idle one.
What is missing here has not been measured yet.

${sections.map((section) => section(figures)).join('\n')}${tested}`;
}

function table(heads, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rule = heads.map((_, i) => (i === 0 ? '---' : '---:'));
  return [line(heads), line(rule), ...rows.map(line)].join('\n');
}

/** The figures of a part, by what stands after its name. */
function rowsOf(figures, prefix) {
  return [...figures]
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, row]) => [name.slice(prefix.length), row]);
}

function fuzzing(figures) {
  const rows = rowsOf(figures, 'fuzz ').map(([name, row]) => [
    name,
    number(row.tried),
    number(row.crashes),
    `${number(row.slowest)} ms`,
    `${number(row.memory / 2 ** 20)} MiB`,
  ]);
  return `## Fuzzing

\`npm run reliability -- fuzz\`. Programs and files that are good are made bad: parts are left out, repeated, swapped, taken from others, replaced by awkward words and bytes (fast-check, seed 20261121, so the inputs are the same each time).
An input that throws fails the test and is saved under \`test/reliability/cases\`, where every later test tries it again. A watchdog in a thread of its own ends the process where an input takes longer than 20 s, and leaves the input behind: a row that is here had no such input.
Memory is that of the whole test process.

${table(['', 'inputs', 'crashes', 'slowest', 'most memory'], rows)}
`;
}

function coverage(figures) {
  const rows = rowsOf(figures, 'coverage ').map(([name, row]) => [
    name,
    number(row.tried),
    number(row.kept),
    number(row.begun),
    number(row.blocks),
    number(row.crashes),
  ]);
  return `## Fuzzing guided by coverage

\`npm run reliability -- coverage\`. Inputs that reach blocks of code which none has reached before are kept, and changed further; V8 counts the blocks.

${table(['', 'inputs', 'kept', 'blocks at first', 'blocks reached', 'crashes'], rows)}
`;
}

function ends(figures) {
  const engine = figures.get('engine killed');
  const server = figures.get('language server killed');
  return `## Processes that end

\`npm run reliability -- processes\`, in VS Code. Each process is killed (SIGKILL) at random moments while somebody works. After every kill the next run has to run, unsaved text has to be unsaved and as it was, and the message has to say what happened.

- The engine, killed ${number(engine?.kills)} times within 0.9 s after the start of a run: ${number(engine?.failed)} runs ended with the sentence, ${number(engine?.done)} had ended before. All ${number(engine?.kills)} next runs ran.
- The language server, killed ${number(server?.kills)} times while text is typed: what was typed meanwhile is checked again after ${number(server?.median)} ms (median; longest ${number(server?.longest)} ms), the start of the new process included.

A language server that ends six times in a row without having answered for every open program is left alone, with a message and a button: a text that it dies of must not keep the machine busy.
`;
}

function stops(figures) {
  const rows = rowsOf(figures, 'stop ').map(([name, row]) => [
    name,
    number(row.stops),
    `${number(row.whole)} ms`,
    `${number(row.median)} ms`,
    `${number(row.p95)} ms`,
    `${number(row.longest)} ms`,
  ]);
  return `## Stops

\`npm run reliability -- stops\`, in VS Code: from *TBlock: Stop* at a random moment of a run until the editor says that it was stopped and takes the next one. The engine may take longer to wind down (the next table); a run that is asked for meanwhile begins when it has, and after 2 s the process is ended.

${table(['while it is', 'stops', 'the whole run', 'median', '95 %', 'longest'], rows)}
`;
}

function engineStops(figures) {
  const rows = rowsOf(figures, 'cancel ').map(([name, row]) => [
    name,
    number(row.stops),
    `${number(row.median)} ms`,
    `${number(row.longest)} ms`,
  ]);
  return `The engine process by itself (\`npm run reliability -- cancellation\`): until it is free again.

${table(['while it is', 'stops', 'median', 'longest'], rows)}
`;
}

function growth(figures) {
  const measured = ['engine growth', 'server growth'].filter((name) => figures.has(name));
  const rows = measured.map((name) => {
    const row = figures.get(name) ?? {};
    return [
      name === 'engine growth'
        ? 'engine: run and looked at'
        : 'language server: opened, checked, closed',
      number(row.times),
      `${number(row.first)} MiB`,
      `${number(row.middle)} MiB`,
      `${number(row.late)} MiB`,
    ];
  });
  return `## Growth

\`npm run reliability -- growth\`. A model of 48 layers, each time with other numbers or as another file; resident memory of the process, the most in the second and in the last third.

${table(['', 'times', 'at first', 'second third', 'last third'], rows)}
`;
}

function large(figures) {
  const many = figures.get('many files') ?? {};
  const long = figures.get('long file') ?? {};
  const longest = figures.get('longest file') ?? {};
  const lines = [
    many.opened &&
      `- A workspace of 500 programs: one is checked ${number(many.opened)} ms after it is opened; a name in all of them is found in ${number(many.searched)} ms the first time and ${number(many.again)} ms later, with ${number(many.memory)} MiB.`,
    long.opened &&
      `- A file of ${number(long.megabytes, 1)} MB is checked in ${number(long.opened / 1000, 1)} s, and after one more letter in ${number(long.edited / 1000, 1)} s, with ${number(long.memory)} MiB.`,
    longest.opened &&
      `- A file of 5 MB is more than TBlock reads (1 MB: its tree would take gigabytes). It is shown with one message after ${number(longest.opened)} ms, the language server answers five questions about it in ${number(longest.answered)} ms and holds ${number(longest.memory)} MiB, and the engine refuses to run it with the same message.`,
  ];
  return `## Large things

Also of \`npm run reliability -- growth\`.

${lines.filter(Boolean).join('\n')}
`;
}

function webview(figures) {
  const policy = figures.get('policy') ?? {};
  return `## The inspector

\`npm run reliability -- webview\`, in VS Code in a browser, on the page as it is built.

- All ${number(policy.tabs)} tabs are drawn under the policy that is shipped (no \`unsafe-eval\`, no remote source): ${number(policy.violations)} violations. An inline script and a remote picture that the test puts in are refused, and the listener hears of both.
${reloaded(figures.get('webview reloaded'))}
- Two windows run at the same time, each with its own engine.
`;
}

function reloaded(row) {
  const times = row === undefined ? 'When it is reloaded' : `Reloaded ${number(row.reloads)} times`;
  return `- ${times}, it comes back with the tab and the run that it showed, and the next run runs.`;
}

function notFinite(figures) {
  const row = figures.get('not finite') ?? {};
  return `## NaN and infinities

\`npm run reliability -- not-finite\`. ${number(row.values)} kinds of value that are not finite, put in ${number(row.places)} places of a decoder: ${number(row.views)} views, hovers, the values at the ends of lines, printed tensors, npy and CSV show them as what they are. \`tblock run --json\` writes \`"NaN"\`, \`"Infinity"\` and \`"-Infinity"\`.
`;
}

const tested = `
## What \`npm test\` holds as well

- A run larger than memory is refused before it starts, with the figure (TB212): \`test/analysis/cost.test.ts\`, \`test/programs/catalog.test.ts\`.
- A GPU that is lost during a run leaves it to the processor once, and the trace says why; one that is lost between two runs is opened anew; values that were on a lost one are computed again: \`test/engine/run-graph.test.ts\`, on a software adapter.
- In Restricted Mode nothing is read and nothing runs, and trust wakes everything up: \`test/language/trust.test.ts\`, \`test/session/reach.test.ts\`, \`test/workbench/trust.test.ts\`.
`;
