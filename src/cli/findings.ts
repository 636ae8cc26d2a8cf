/** Diagnostics as each reader wants them. */
import type { Diagnostic, Severity } from '../shapes/index.ts';
import type { Place, PlaceOf } from './places.ts';
import { placeText } from './places.ts';
import type { Paint } from './style.ts';

/** A diagnostic whose places are known by line and column. */
export interface Finding {
  readonly place: Place;
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly related: readonly { readonly place: Place; readonly message: string }[];
}

export function findingOf(
  { source, severity, code, message, related }: Diagnostic,
  at: PlaceOf,
): Finding {
  return {
    place: at(source),
    severity,
    code,
    message,
    related: related.map((each) => ({ place: at(each.source), message: each.message })),
  };
}

/** `file:line:column: severity code message`; what follows on further lines is indented. */
export function findingText(
  { place, severity, code, message, related }: Finding,
  paint: Paint,
): string {
  const [first = '', ...more] = message.split('\n');
  const colour = colours[severity];
  const head = `${paint('bold', `${placeText(place)}:`)} ${paint(colour, severity)} ${code} ${first}`;
  const notes = related.flatMap((each) => {
    const [note = '', ...rest] = each.message.split('\n');
    return [`${placeText(each.place)}: ${note}`, ...rest];
  });
  return `${[head, ...more.map((line) => `    ${line}`), ...notes.map((line) => `    ${line}`)].join('\n')}\n`;
}

const colours = { error: 'red', warning: 'yellow', hint: 'cyan' } as const;

/** Places beside the finding in one flat object, for JSON. */
export function findingData({ place, severity, code, message, related }: Finding) {
  return {
    ...place,
    severity,
    code,
    message,
    related: related.map((each) => ({ ...each.place, message: each.message })),
  };
}

/** An annotation of GitHub Actions. */
export function githubText({ place, severity, code, message }: Finding): string {
  const property = (text: string | number) =>
    escaped(String(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
  const properties = [
    `file=${property(place.file)}`,
    `line=${place.line}`,
    `endLine=${place.endLine}`,
    `col=${place.column}`,
    `endColumn=${place.endColumn}`,
    `title=${property(code)}`,
  ];
  return `::${severity === 'hint' ? 'notice' : severity} ${properties.join(',')}::${escaped(message)}\n`;
}

/** `2 errors and 1 warning`. */
export function countText(findings: readonly Finding[]): string {
  const parts = (['error', 'warning', 'hint'] as const).flatMap((kind) => {
    const count = findings.filter(({ severity }) => severity === kind).length;
    return count === 0 ? [] : [`${count} ${kind}${count === 1 ? '' : 's'}`];
  });
  const last = parts.pop();
  if (last === undefined) return 'no problems';
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
