/** Axes that all tensors of an instruction walk alike count as one: kernels like few axes and long ones. */

export interface Collapsed {
  readonly shape: readonly number[];
  /** One list per tensor. */
  readonly strides: readonly (readonly number[])[];
}

export function collapsed(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
): Collapsed {
  const axes: { length: number; steps: readonly number[] }[] = [];
  for (const [at, length] of shape.entries()) {
    if (length === 1) continue;
    const steps = strides.map((own) => own[at] as number);
    const outer = axes.at(-1);
    if (outer?.steps.every((step, tensor) => step === (steps[tensor] as number) * length)) {
      outer.length *= length;
      outer.steps = steps;
    } else {
      axes.push({ length, steps });
    }
  }
  if (axes.length === 0) axes.push({ length: 1, steps: strides.map(() => 0) });
  return {
    shape: axes.map(({ length }) => length),
    strides: strides.map((_, tensor) => axes.map(({ steps }) => steps[tensor] as number)),
  };
}

/** The same for all axes but the last: rows are what workers share. */
export function rowsCollapsed(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
): Collapsed {
  const last = shape.at(-1);
  if (last === undefined) return collapsed(shape, strides);
  const rows = collapsed(
    shape.slice(0, -1),
    strides.map((own) => own.slice(0, -1)),
  );
  return {
    shape: [...rows.shape, last],
    strides: rows.strides.map((own, tensor) => [...own, strides[tensor]?.at(-1) ?? 0]),
  };
}
