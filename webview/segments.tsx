interface SegmentsProps<Id extends string> {
  readonly label: string;
  readonly options: readonly { readonly id: Id; readonly title: string }[];
  readonly chosen: Id;
  readonly onChoose: (id: Id) => void;
}

/** One of a few, all in sight. */
export function Segments<Id extends string>({
  label,
  options,
  chosen,
  onChoose,
}: SegmentsProps<Id>) {
  return (
    <fieldset class="segments" aria-label={label}>
      {options.map(({ id, title }) => (
        <button
          key={id}
          type="button"
          class="segment"
          aria-pressed={id === chosen}
          onClick={() => onChoose(id)}
        >
          {title}
        </button>
      ))}
    </fieldset>
  );
}
