/** SARIF 2.1.0 (OASIS): what code scanning services read. */
import { catalog } from '../shapes/index.ts';
import type { Finding } from './findings.ts';
import type { Place } from './places.ts';

export function sarifOf(findings: readonly Finding[]) {
  const used = new Set(findings.map(({ code }) => code));
  const rules = Object.values(catalog).filter(({ code }) => used.has(code));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'tblock',
            rules: rules.map(({ code, severity, title, explanation }) => ({
              id: code,
              name: title.replace(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase()),
              shortDescription: { text: title },
              fullDescription: { text: explanation },
              defaultConfiguration: { level: levels[severity] },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => resultOf(finding)),
      },
    ],
  };
}

const levels = { error: 'error', warning: 'warning', hint: 'note' } as const;

function resultOf({ code, severity, message, place, related }: Finding) {
  return {
    ruleId: code,
    level: levels[severity],
    message: { text: message },
    locations: [{ physicalLocation: locationOf(place) }],
    relatedLocations: related.map((each, id) => ({
      id,
      message: { text: each.message },
      physicalLocation: locationOf(each.place),
    })),
  };
}

function locationOf({ file, line, column, endLine, endColumn }: Place) {
  return {
    artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
    region: { startLine: line, startColumn: column, endLine, endColumn },
  };
}
