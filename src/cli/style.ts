/** Colours of a terminal; nothing where there is none. */
import type { CommandIo } from './command-io.ts';

const codes = { bold: '1', dim: '2', red: '31', green: '32', yellow: '33', cyan: '36' } as const;

export type Paint = (colour: keyof typeof codes, text: string) => string;

export function paintFor({ style }: CommandIo): Paint {
  switch (style) {
    case 'plain':
      return (_, text) => text;
    case 'colour':
      return (colour, text) => `\u001b[${codes[colour]}m${text}\u001b[0m`;
  }
}
