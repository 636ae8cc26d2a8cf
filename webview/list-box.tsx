import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface ListBoxProps<Item> {
  readonly label: string;
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  readonly chosen: number | undefined;
  readonly onChoose: (item: Item, index: number) => void;
  readonly draw: (item: Item, index: number) => ComponentChildren;
  readonly class: string;
}

/** A list of which one item is chosen, by click, arrows, Home and End. */
export function ListBox<Item>(props: ListBoxProps<Item>) {
  const { items, chosen } = props;
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  // Other items may have pushed the chosen one out of sight.
  useEffect(() => {
    if (list.current !== null) scrollInto(list.current);
  }, [chosen, items]);
  const move = (event: KeyboardEvent) => {
    const to = target(event.key, chosen ?? -1, items.length);
    const item = to === undefined ? undefined : items[to];
    if (to === undefined || item === undefined) return;
    event.preventDefault();
    props.onChoose(item, to);
  };
  const active = chosen === undefined ? {} : { 'aria-activedescendant': `${id}-${chosen}` };
  return (
    <div
      ref={list}
      class={`list ${props.class}`}
      role="listbox"
      tabIndex={0}
      aria-label={props.label}
      onKeyDown={move}
      {...active}
    >
      {items.map((item, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the list itself has the keys and the focus
        // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant points here
        <div
          key={props.keyOf(item)}
          id={`${id}-${index}`}
          role="option"
          class="item"
          aria-selected={index === chosen}
          onClick={() => props.onChoose(item, index)}
        >
          {props.draw(item, index)}
        </div>
      ))}
    </div>
  );
}

/** Where a key leads from `current`; undefined where it means nothing here. */
export function target(key: string, current: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return Math.min(count - 1, current + 1);
    case 'ArrowUp':
    case 'ArrowLeft':
      return Math.max(0, current - 1);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

/** Scrolls the list, and nothing around it, until the chosen item is in sight. */
export function scrollInto(list: HTMLElement): void {
  const item = list.querySelector('[aria-selected="true"], [aria-current="true"]');
  if (item === null) return;
  const frame = list.getBoundingClientRect();
  const place = item.getBoundingClientRect();
  if (place.top < frame.top) list.scrollTop -= frame.top - place.top;
  if (place.bottom > frame.bottom) list.scrollTop += place.bottom - frame.bottom;
}
