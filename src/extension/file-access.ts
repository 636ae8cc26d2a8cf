/** Which files programs may read in this window: the workspace's, and those in folders that the user has agreed to. */
import * as vscode from 'vscode';
import { folderOnDisk, type ReadingScope } from '../files/index.ts';
import { isTrusted } from './trust.ts';

/** What the workspace remembers: an answer by folder. */
const memory = 'tblock.folders';
type Answers = Readonly<Record<string, 'allowed' | 'refused'>>;

export class FileAccess implements vscode.Disposable {
  readonly #state: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<ReadingScope>();
  readonly #asking = new Map<string, Promise<boolean>>();
  readonly #disposables: readonly vscode.Disposable[];

  constructor({ workspaceState }: vscode.ExtensionContext) {
    this.#state = workspaceState;
    const changed = (): void => this.#changed.fire(this.scope);
    this.#disposables = [
      this.#changed,
      vscode.workspace.onDidGrantWorkspaceTrust(changed),
      vscode.workspace.onDidChangeWorkspaceFolders(changed),
    ];
  }

  /** Fires when more may be read, or less. */
  readonly onDidChange = this.#changed.event;

  get scope(): ReadingScope {
    const folders = vscode.workspace.workspaceFolders?.map(({ uri }) => uri.toString()) ?? [];
    const allowed = Object.entries(this.#answers).filter(([, answer]) => answer === 'allowed');
    return { isTrusted: isTrusted(), folders: [...folders, ...allowed.map(([folder]) => folder)] };
  }

  /**
   * Asks whether the folder of a file outside may be read; once, and the workspace remembers. A file that the user
   * wants right now (`run`) is asked for where it cannot be overlooked, and again where it was refused before.
   */
  async ask(file: string, program: string, occasion: 'check' | 'run'): Promise<boolean> {
    const folder = folderOnDisk(file);
    if (folder === undefined || !isTrusted()) return false;
    const answer = this.#answers[folder];
    if (answer === 'allowed') return true;
    if (occasion === 'check' && (answer === 'refused' || this.#asking.has(folder))) return false;
    const asked = this.#put(folder, program, occasion);
    this.#asking.set(folder, asked);
    return asked;
  }

  /** Remembers a folder that the user picked; without one a dialog asks for it. */
  async pick(given?: vscode.Uri): Promise<vscode.Uri | undefined> {
    const folder = given ?? (await pickFolder());
    if (folder !== undefined) await this.#remember(folder.toString(), 'allowed');
    return folder;
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  get #answers(): Answers {
    return this.#state.get<Answers>(memory, {});
  }

  async #put(folder: string, program: string, occasion: 'check' | 'run'): Promise<boolean> {
    const [allow, refuse] = [vscode.l10n.t('Allow'), vscode.l10n.t('Do Not Allow')];
    const [shown, by] = [vscode.Uri.parse(folder).fsPath, vscode.Uri.parse(program).fsPath];
    const question = vscode.l10n.t('May TBlock read files in {0}?', shown);
    const detail = vscode.l10n.t(
      '{0} names a file there, outside of this workspace. The answer is remembered for this workspace.',
      vscode.workspace.asRelativePath(by),
    );
    const chosen =
      occasion === 'run'
        ? vscode.window.showWarningMessage(question, { modal: true, detail }, allow)
        : vscode.window.showWarningMessage(`${question} ${detail}`, allow, refuse);
    const answer = await chosen;
    this.#asking.delete(folder);
    if (answer !== undefined || occasion === 'run') {
      await this.#remember(folder, answer === allow ? 'allowed' : 'refused');
    }
    return answer === allow;
  }

  async #remember(folder: string, answer: 'allowed' | 'refused'): Promise<void> {
    if (this.#answers[folder] === answer) return;
    await this.#state.update(memory, { ...this.#answers, [folder]: answer });
    this.#changed.fire(this.scope);
  }
}

async function pickFolder(): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('TBlock: a folder that programs of this workspace may read'),
    openLabel: vscode.l10n.t('Allow'),
    canSelectFiles: false,
    canSelectFolders: true,
  });
  return picked?.[0];
}
