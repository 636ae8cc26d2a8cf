/** Whether the desktop VS Code can be used here. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const answerLimit = 3000;

/** Whether there is a display and nobody asked for the offline host (TBLOCK_VSCODE=offline). */
export function desktopWanted() {
  const { TBLOCK_VSCODE: choice, DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (choice === 'desktop' || choice === 'offline') return choice === 'desktop';
  return process.platform !== 'linux' || Boolean(DISPLAY ?? WAYLAND_DISPLAY);
}

/**
 * Whether an address answers within seconds.
 * @param {string} url
 */
export async function reaches(url) {
  try {
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(answerLimit) });
    return answer.ok;
  } catch {
    return false;
  }
}

/** The `code` command of an installed VS Code, if there is one on the PATH. */
export function desktopCommand() {
  const { PATH = '' } = process.env;
  const name = process.platform === 'win32' ? 'code.cmd' : 'code';
  return PATH.split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}
