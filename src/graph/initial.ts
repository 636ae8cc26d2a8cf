/** First values of parameters and inputs. */
import type { InitialValue } from '../shapes/index.ts';
import type { Frame } from './frame.ts';
import type { Initial } from './graph.ts';

/** Undefined where the initialiser is broken. */
export function initialOf(frame: Frame, initial: InitialValue): Initial | undefined {
  switch (initial.kind) {
    case 'literal':
      return {
        kind: 'literal',
        shape: initial.literal.shape,
        data: Float64Array.from(initial.literal.data),
      };
    case 'file':
      return { kind: 'file', file: initial.file, tensor: initial.tensor };
    case 'source': {
      const values: Record<string, number> = {};
      for (const [name, expression] of initial.arguments) {
        const value = frame.context.interpreter.evaluate(frame, expression);
        if (value.kind === 'number') values[name] = value.value;
        else if (!(value.kind === 'static' && value.value === null)) return undefined;
      }
      return { kind: 'source', source: initial.source, arguments: values };
    }
    case 'broken':
      return undefined;
  }
}
