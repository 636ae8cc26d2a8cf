import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { buildForPackages, makePackage } from '../../packaging/package.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = `${root}.cache/package-test`;

export type Made = Awaited<ReturnType<typeof makePackages>>;

/** Makes the packages of these targets as `npm run package` does, and leaves the files of the repository alone. */
export async function makePackages(targets: readonly string[]) {
  const bundles = await buildForPackages(scratch);
  const packages = new Map<string, { file: string; bytes: number; contents: string }>();
  for (const target of targets) {
    packages.set(target, await makePackage(target, { bundles, folder: `${scratch}/packages` }));
  }
  const of = (target: string) => {
    const found = packages.get(target);
    if (found === undefined) throw new Error(`${target} was not made.`);
    return found;
  };
  return { bundles, of };
}

/** The paths of what is in a `.vsix` file, below the extension's folder. */
export function filesIn(vsix: string): readonly string[] {
  const names: string[] = [];
  unzipSync(readFileSync(vsix), {
    filter: ({ name }) => {
      names.push(name);
      return false;
    },
  });
  return names.flatMap((name) =>
    name.startsWith('extension/') ? [name.slice('extension/'.length)] : [],
  );
}
