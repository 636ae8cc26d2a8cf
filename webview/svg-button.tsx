import type { ComponentChildren } from 'preact';

interface SvgButtonProps {
  readonly label: string;
  readonly onPress: () => void;
  readonly class?: string;
  readonly isOpen?: boolean | undefined;
  readonly children: ComponentChildren;
}

/** A part of a drawing that can be pressed, by mouse, Enter and Space. */
export function SvgButton({ label, onPress, isOpen, children, ...rest }: SvgButtonProps) {
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onPress();
  };
  const expands = isOpen === undefined ? {} : { 'aria-expanded': isOpen };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing has no buttons of HTML in it
    <g
      class={rest.class ?? ''}
      role="button"
      tabindex={0}
      aria-label={label}
      {...expands}
      onClick={onPress}
      onKeyDown={press}
    >
      {children}
    </g>
  );
}
