import type { Verdict } from '../src/trace/index.ts';

const paths = {
  pass: 'M6.3 11.6 2.9 8.2l1-1 2.4 2.4 5.8-5.8 1 1z',
  cross: 'm8 7 3.2-3.2 1 1L9 8l3.2 3.2-1 1L8 9l-3.2 3.2-1-1L7 8 3.8 4.8l1-1z',
  run: 'M4 2.5v11l9-5.5z',
  equal: 'M3 5h10v1.5H3zm0 4.5h10V11H3z',
  error: 'M8 1.2a6.8 6.8 0 1 0 0 13.6A6.8 6.8 0 0 0 8 1.2m-.8 3.3h1.6v4.6H7.2zm0 5.8h1.6v1.6H7.2z',
  warning: 'M8 1.6 15 14H1zm-.8 4.6v4h1.6v-4zm0 5v1.5h1.6v-1.5z',
  question:
    'M8 1.2a6.8 6.8 0 1 0 0 13.6A6.8 6.8 0 0 0 8 1.2m-.8 9.5h1.5v1.5H7.2zM8 3.9c1.5 0 2.6 1 2.6 2.4 0 1.5-1.9 1.9-1.9 3.4H7.2c0-2.2 1.9-2.4 1.9-3.4 0-.6-.4-1-1.1-1s-1.2.4-1.2 1.2H5.3C5.3 4.9 6.5 3.9 8 3.9',
  plus: 'M7.2 3h1.6v4.2H13v1.6H8.8V13H7.2V8.8H3V7.2h4.2z',
  minus: 'M3 7.2h10v1.6H3z',
  whole: 'M2 2h5v1.5H3.5V7H2zm7 0h5v5h-1.5V3.5H9zM2 9h1.5v3.5H7V14H2zm10.5 0H14v5H9v-1.5h3.5z',
  source: 'm5 4 1 1-3 3 3 3-1 1-4-4zm6 0 4 4-4 4-1-1 3-3-3-3z',
} as const;

export type IconName = keyof typeof paths;

/** The icon of each verdict; the text beside it says the same. */
export const verdictIcons: Readonly<Record<Verdict, IconName>> = {
  equal: 'equal',
  coincidence: 'warning',
  undecided: 'question',
  error: 'error',
};

/** A decoration: what it means is said in text beside it or in its button's label. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} fill="currentColor" fill-rule="evenodd" />
    </svg>
  );
}
