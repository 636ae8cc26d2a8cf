/** What is in the packages: exactly what the extension needs, with a licence, a place in the lists, and no surprise. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { beforeAll, describe, expect, it } from 'vitest';
import { shippedBundles, shippedPackages } from '../../packaging/contents.mjs';
import { sliceFor } from '../../packaging/mach-o.mjs';
import { noticesText } from '../../packaging/notices.mjs';
import { sizesIn } from '../../packaging/readme.mjs';
import { ownTarget, targets } from '../../packaging/targets.mjs';
import { filesIn, type Made, makePackages, root } from './made.ts';

const own = ownTarget() ?? 'universal';
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const lock: Readonly<Record<string, { integrity?: string; hasInstallScript?: boolean }>> =
  JSON.parse(read('package-lock.json')).packages;

let made: Made;
beforeAll(async () => {
  made = await makePackages([own, 'universal']);
});

describe.each([own, 'universal'])('the package %s', (target) => {
  const packed = (path: string) => readFileSync(join(made.of(target).contents, path), 'utf8');

  it('has what the extension needs and nothing else', () => {
    const files = filesIn(made.of(target).file);
    const expected = [
      /^(package\.json|readme\.md|changelog\.md|LICENSE\.txt|THIRD-PARTY-NOTICES|sbom\.cdx\.json)$/,
      /^package\.nls(\.[\w-]+)?\.json$/,
      /^l10n\/bundle\.l10n(\.[\w-]+)?\.json$/,
      /^dist\/(extension|language-server|engine)\.cjs$/,
      /^dist\/webview\/index\.(js|css)$/,
      /^docs\/[\w-]+\.md$/,
      /^examples\/.*\.(tblock|safetensors)$/,
      /^media\/.*\.(png|svg|json|md|tblock)$/,
    ];
    const { native } = targets[target] ?? {};
    const nativeFiles = files.filter((file) => file.startsWith('dist/node_modules/webgpu/'));
    const others = files.filter((file) => !nativeFiles.includes(file));

    expect(others.filter((file) => !expected.some((one) => one.test(file)))).toEqual([]);
    expect(shippedBundles.filter((bundle) => !files.includes(`dist/${bundle}`))).toEqual([]);
    const modules = nativeFiles.filter((file) => file.endsWith('.node'));
    expect(modules).toEqual(
      native === undefined ? [] : [`dist/node_modules/webgpu/dist/${native}/dawn.node`],
    );
    if (native === undefined) expect(nativeFiles).toEqual([]);
  });

  it('is not larger than its limit, and as large as README says', () => {
    const megabytes = made.of(target).bytes / 1e6;

    expect(megabytes).toBeLessThan(targets[target]?.limit ?? 0);
    const told = sizesIn(read('README.md')).get(target) ?? 0;
    expect(Math.abs(megabytes - told) / told).toBeLessThan(0.1);
  });

  it('has every file that its manifest names', () => {
    const files = new Set(filesIn(made.of(target).file));
    const named = [...packed('package.json').matchAll(/"(?:\.\/)?((?:dist|media|docs)\/[^"]*)"/g)];

    expect(named.length).toBeGreaterThan(4);
    expect(named.map(([, path = '']) => path).filter((path) => !files.has(path))).toEqual([]);
  });

  it('runs no script and needs no package when it is installed', () => {
    const manifest = JSON.parse(packed('package.json'));

    for (const field of ['scripts', 'dependencies', 'optionalDependencies']) {
      expect(manifest).not.toHaveProperty(field);
    }
  });

  it('has a bill of materials that follows the standard and lists every package in it', async () => {
    const bom = packed('sbom.cdx.json');
    const native = targets[target]?.native !== undefined;

    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    expect(await validator.validate(bom)).toBeNull();
    const listed: { 'bom-ref': string }[] = JSON.parse(bom).components;
    expect(listed.map((component) => component['bom-ref']).sort()).toEqual(
      shippedPackages(made.bundles.contents, { native })
        .map(({ name, version }) => `${name}@${version}`)
        .sort(),
    );
  });
});

describe('what others wrote', () => {
  it('is told in THIRD-PARTY-NOTICES as npm run package writes it', () => {
    expect(read('THIRD-PARTY-NOTICES')).toBe(noticesText(made.bundles.contents));
  });

  it('has a licence that lets it be shipped', () => {
    const permissive = ['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-3-Clause', 'ISC', 'MIT'];
    const shipped = shippedPackages(made.bundles.contents, { native: true });

    expect(shipped.length).toBeGreaterThan(20);
    expect(shipped.filter(({ license }) => !permissive.includes(license))).toEqual([]);
  });

  it('is what the lock file says, and ran nothing when it was installed', () => {
    const folders = shippedPackages(made.bundles.contents, { native: true }).map(
      ({ folder }) => folder,
    );

    expect(folders.filter((folder) => !lock[folder]?.integrity?.startsWith('sha512-'))).toEqual([]);
    // The one of webgpu takes a mark off its file on macOS; `.npmrc` lets npm run none.
    expect(folders.filter((folder) => lock[folder]?.hasInstallScript)).toEqual([
      'node_modules/webgpu',
    ]);
    expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  });

  it('all of it has a hash in the lock file', () => {
    const unsure = Object.entries(lock).filter(
      ([folder, { integrity }]) => folder !== '' && !integrity?.startsWith('sha512-'),
    );
    expect(unsure.map(([folder]) => folder)).toEqual([]);
  });
});

describe('nothing is sent anywhere', () => {
  // `net` is how a language server may be spoken to, through a local socket.
  const local = new Set([
    ...['child_process', 'crypto', 'fs', 'fs/promises', 'module', 'net', 'os', 'path'],
    ...['timers/promises', 'url', 'util', 'v8', 'worker_threads', 'vscode', 'webgpu', 'gl'],
  ]);

  it.each(shippedBundles)('%s asks for no module that speaks to a network', (bundle) => {
    const { modules } = made.bundles.contents[bundle] ?? { modules: [bundle] };

    expect(modules.filter((name) => !local.has(name.replace(/^node:/, '')))).toEqual([]);
  });

  it.each(shippedBundles)('%s calls nothing that does', (bundle) => {
    const text = readFileSync(join(made.bundles.build, bundle), 'utf8');
    const calls =
      /\b(fetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|createConnection\(['"{])/g;

    expect([...text.matchAll(calls)].map(([call]) => call)).toEqual([]);
  });

  it.each(shippedBundles)('%s knows no client of telemetry', (bundle) => {
    const files = made.bundles.contents[bundle]?.files.join('\n') ?? '';

    expect(files).not.toMatch(/telemetry|analytics|sentry|insights|amplitude|posthog/i);
  });
});

it('a universal binary of macOS is cut down to one processor', () => {
  const file = join(root, 'node_modules/webgpu/dist/darwin-universal/dawn.node');
  expect(existsSync(file)).toBe(true);
  const slice = sliceFor(readFileSync(file), 'arm64');

  expect(slice.readUInt32LE(0)).toBe(0xfeedfacf);
  expect(slice.readUInt32LE(4)).toBe(0x0100000c);
});
