/** `// tblock-ignore TB311`: silences the warnings and hints of that code on its line, alone on a line those of the next. */
import { t } from '@vscode/l10n';
import { catalog, type Diagnostic, diagnostic, type Fix, nearestName } from '../shapes/index.ts';
import { scan } from '../syntax/index.ts';
import type { SourceRange } from '../trace/index.ts';

interface Ignore {
  readonly code: string;
  /** The code in the comment. */
  readonly source: SourceRange;
  /** The whole comment. */
  readonly comment: SourceRange;
  /** The line that it is about, from 0. */
  readonly line: number;
}

/** The findings that are not silenced, and what is wrong with the comments that silence. */
export function applyIgnores(
  uri: string,
  text: string,
  found: readonly Diagnostic[],
): readonly Diagnostic[] {
  const ignores = ignoresIn(uri, text);
  if (ignores.length === 0) return found;
  const lineOf = lineCounter(text);
  const used = new Set<Ignore>();
  const kept = found.filter(({ severity, code, source }) => {
    if (severity === 'error' || source.uri !== uri) return true;
    const line = lineOf(source.start);
    const silencing = ignores.filter((ignore) => ignore.line === line && ignore.code === code);
    for (const ignore of silencing) used.add(ignore);
    return silencing.length === 0;
  });
  const known: ReadonlySet<string> = new Set(Object.values(catalog).map(({ code }) => code));
  const about = ignores
    .filter((ignore) => !used.has(ignore))
    .map((each) => aboutIgnore(each, known));
  return [...kept, ...about];
}

/** The comment that silences a finding; undefined for errors, and for what is said of such comments themselves. */
export function ignoreFix(uri: string, text: string, found: Diagnostic): Fix | undefined {
  const { code, severity, source } = found;
  const isOfComment = [catalog.unusedIgnore, catalog.unknownIgnore].some(
    (entry) => entry.code === code,
  );
  if (severity === 'error' || source.uri !== uri || isOfComment) return undefined;
  const start = text.lastIndexOf('\n', source.start - 1) + 1;
  const [line = ''] = text.slice(start).split(/\r?\n/, 1);
  const title = t`Ignore ${code} on this line`;
  const insertAt = (at: number, inserted: string): Fix => ({
    title,
    edits: [{ source: { uri, start: start + at, end: start + at }, text: inserted }],
  });
  const comment = scan(line).comments.find(({ kind }) => kind !== 'BLOCK_COMMENT');
  if (comment === undefined) return insertAt(line.trimEnd().length, `  // tblock-ignore ${code}`);
  if (/^\/\/\s*tblock-ignore\b/.test(comment.text)) {
    return insertAt(line.trimEnd().length, ` ${code}`);
  }
  // Another comment keeps its line.
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  return insertAt(0, `${indent}// tblock-ignore ${code}\n`);
}

function aboutIgnore({ code, source, comment }: Ignore, known: ReadonlySet<string>): Diagnostic {
  if (known.has(code)) {
    const edits = [{ source: comment, text: '' }];
    const message = t`Nothing on this line has a warning or hint ${code}, so there is nothing to ignore.`;
    return diagnostic('unusedIgnore', source, message, {
      fixes: [{ title: t`Remove the comment`, edits }],
    });
  }
  const near = [...known].filter((other) => other.slice(0, 3) === code.slice(0, 3));
  const nearest = nearestName(code, near);
  const message = t`There is no diagnostic ${code}.`;
  if (nearest === undefined) return diagnostic('unknownIgnore', source, message);
  return diagnostic('unknownIgnore', source, `${message} ${t`Did you mean ${nearest}?`}`, {
    fixes: [{ title: t`Change to ${nearest}`, edits: [{ source, text: nearest }] }],
  });
}

function ignoresIn(uri: string, text: string): readonly Ignore[] {
  if (!text.includes('tblock-ignore')) return [];
  const ignores: Ignore[] = [];
  let start = 0;
  for (const [number, line] of text.split('\n').entries()) {
    const found = /[ \t]*\/\/\s*tblock-ignore\b([^\n]*)/.exec(line);
    if (found !== null && !isInText(line, found.index)) {
      const alone = line.slice(0, found.index).trim() === '';
      const comment = { uri, start: start + found.index, end: start + line.length };
      const first = start + found.index + found[0].length - (found[1]?.length ?? 0);
      for (const match of (found[1] ?? '').matchAll(/[A-Za-z]+\d+/g)) {
        const at = first + match.index;
        ignores.push({
          code: match[0],
          source: { uri, start: at, end: at + match[0].length },
          comment,
          line: alone ? number + 1 : number,
        });
      }
    }
    start += line.length + 1;
  }
  return ignores;
}

/** Between quotes there are no comments. */
function isInText(line: string, index: number): boolean {
  return [...line.slice(0, index)].filter((character) => character === '"').length % 2 === 1;
}

function lineCounter(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
}
