/** A checkpoint's folder as a program, for the editor. */
import { basename, join } from 'node:path';
import { importHuggingFace } from '../formats/index.ts';
import type { ImportOutcome } from '../views/index.ts';

export function importModel(folder: string): ImportOutcome {
  const imported = importHuggingFace(folder);
  if (!imported.ok) return { kind: 'refused', message: imported.error.message };
  const { text, title: model, notes } = imported.value;
  const file = join(folder, `${basename(folder)}.tblock`);
  return { kind: 'imported', file, text, model, notes };
}
