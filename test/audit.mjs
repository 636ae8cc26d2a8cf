/**
 * Asks the registry what it knows about the packages in the lock file. Fails where something that is shipped, or that is
 * loaded when the command line runs, is known to be weak; says so where the registry does not answer. What only
 * developing uses is told.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const all = audit([]);
if (all === undefined) {
  process.stdout.write('The registry does not answer about weaknesses: nothing was learned.\n');
} else {
  const shipped = new Set(audit(['--omit=dev'])?.map(({ name }) => name));
  for (const { name, severity, range } of all) {
    const use = shipped.has(name) ? 'shipped' : 'for developing';
    process.stdout.write(`${severity}: ${name} ${range} (${use})\n`);
    if (shipped.has(name)) process.exitCode = 1;
  }
  process.stdout.write(`${all.length} packages with a known weakness.\n`);
}

/**
 * @param {string[]} options
 * @returns {{ name: string, severity: string, range: string }[] | undefined} undefined where there is no answer
 */
function audit(options) {
  const { stdout } = spawnSync('npm', ['audit', '--json', '--fetch-timeout=20000', ...options], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  try {
    const { vulnerabilities } = JSON.parse(stdout);
    return vulnerabilities && Object.values(vulnerabilities);
  } catch {
    return undefined;
  }
}
