/** Tiny checkpoints of every family with what transformers computes of them; test/reference/hf/generate.py made both. */
import { fileURLToPath } from 'node:url';
import type { BackendWish, Engine } from '../../src/engine/index.ts';
import { importHuggingFace, openSafetensors } from '../../src/formats/index.ts';
import { diskFiles, runProgram, uriOf } from '../../src/session/index.ts';
import type { Trace } from '../../src/trace/index.ts';

export interface Golden {
  readonly names: readonly string[];
  readonly values: (name: string) => readonly number[];
}

export function folderOf(checkpoint: string): string {
  return fileURLToPath(new URL(`../reference/hf/${checkpoint}`, import.meta.url));
}

export function goldenOf(checkpoint: string): Golden {
  const file = openSafetensors(`${folderOf(checkpoint)}/golden.safetensors`);
  if (!file.ok) throw new Error(file.error.message);
  return {
    names: [...file.value.tensors.keys()],
    values: (name) => {
      const read = file.value.readFloat64(name);
      if (!read.ok) throw new Error(read.error.message);
      return [...read.value];
    },
  };
}

export function importedText(checkpoint: string): string {
  const imported = importHuggingFace(folderOf(checkpoint));
  if (!imported.ok) throw new Error(imported.error.message);
  return imported.value.text;
}

/** Runs the program on inputs of its own; it lies in the checkpoint's folder. */
export async function runOn(
  { engine, backend }: { readonly engine: Engine; readonly backend: BackendWish },
  checkpoint: string,
  text: string,
  inputs: Readonly<Record<string, string>>,
): Promise<{ readonly trace: Trace; readonly dispose: () => void }> {
  const model = /^model (\w+)/m.exec(text)?.[1] ?? '';
  const lines = Object.entries(inputs).map(([name, value]) => `  ${name} = ${value}`);
  const run = `run golden for ${model} {\n  weights = checkpoint\n${lines.join('\n')}\n}\n`;
  const outcome = await runProgram(
    engine,
    {
      uri: uriOf(`${folderOf(checkpoint)}/imported.tblock`),
      text: `${text}\n${run}`,
      files: diskFiles(),
      target: 'golden',
      backend,
    },
    { signal: new AbortController().signal, progress: () => undefined },
  );
  const problems = outcome.diagnostics.map(({ code, message }) => `${code} ${message}`);
  if (outcome.kind === 'rejected' || problems.length > 0) throw new Error(problems.join('\n'));
  return outcome;
}
