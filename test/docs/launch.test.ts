/** The launch configurations lead to what is there, after the task that makes it. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const json = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));

interface Launch {
  readonly name: string;
  readonly request: 'launch' | 'attach';
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly preLaunchTask?: string;
}

const { configurations, compounds }: { configurations: Launch[]; compounds: Launch[] } =
  json('.vscode/launch.json');
const { tasks }: { tasks: { label: string; type: string; script?: string; args?: string[] }[] } =
  json('.vscode/tasks.json');

// The task `gallery` makes all that `build` makes, and the gallery; here in a folder that no other test looks at.
const built = '.cache/launch';
beforeAll(() => {
  const { args = [] } = tasks.find(({ label }) => label === 'gallery') ?? {};
  execFileSync('node', [...args, '--outdir', built], { cwd: root });
}, 60_000);

describe.each(configurations)('$name', (launch) => {
  test('names files and folders that are there', () => {
    const named = [...JSON.stringify(launch).matchAll(/\$\{workspaceFolder\}\/([^"*]+)/g)].map(
      ([, path = '']) => path.replace(/^dist\//, `${built}/`),
    );
    expect(named.length > 0 || launch.request === 'attach').toBe(true);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('waits for a task that there is', () => {
    const { preLaunchTask: wanted } = launch;
    expect([undefined, ...tasks.map(({ label }) => label)]).toContain(wanted);
  });
});

test('tasks run scripts that there are', () => {
  const { scripts } = json('package.json');
  const run = tasks.filter(({ type }) => type === 'npm');
  expect(run.length).toBeGreaterThan(1);
  expect(run.filter(({ script = '' }) => !(script in scripts))).toEqual([]);
});

test('the ports to attach to are those that the extension opens', () => {
  const port = (part: string) => configurations.find(({ name }) => name.startsWith(part))?.port;
  const { env } = configurations.find(({ name }) => name.startsWith('Extension')) ?? {};
  const server = readFileSync(join(root, 'src/extension/language-server.ts'), 'utf8');

  expect(env?.['TBLOCK_INSPECT_ENGINE']).toBe(String(port('Engine')));
  expect(server).toContain(`--inspect=${port('Language server')}`);
});

test('compounds are of configurations that there are', () => {
  const names = new Set(configurations.map(({ name }) => name));
  const used: string[] = compounds.flatMap((each) => Object(each).configurations);
  expect(used.length).toBeGreaterThan(1);
  expect(used.filter((name) => !names.has(name))).toEqual([]);
});
