/** Diagnostics as each reader wants them. */
import type { Diagnostic } from '../shapes/index.ts';
import type { Place, PlaceOf } from './places.ts';
import { placeText } from './places.ts';
import type { Paint } from './style.ts';

/** A diagnostic whose places are known by line and column. */
export interface Finding {
  readonly place: Place;
  readonly severity: 'error' | 'warning';
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
  const colour = severity === 'error' ? 'red' : 'yellow';
  const head = `${paint('bold', `${placeText(place)}:`)} ${paint(colour, severity)} ${code} ${first}`;
  const notes = related.flatMap((each) => {
    const [note = '', ...rest] = each.message.split('\n');
    return [`${placeText(each.place)}: ${note}`, ...rest];
  });
  return `${[head, ...more.map((line) => `    ${line}`), ...notes.map((line) => `    ${line}`)].join('\n')}\n`;
}

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
  return `::${severity} ${properties.join(',')}::${escaped(message)}\n`;
}

/** `2 errors and 1 warning`. */
export function countText(findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const parts = [
    ...(errors > 0 ? [`${errors} ${errors === 1 ? 'error' : 'errors'}`] : []),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
  ];
  return parts.join(' and ') || 'no problems';
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
