/** A virtual file system, `mirror:/folder`, for tests: the disk's files, which only VS Code can read by these addresses. */
import * as vscode from 'vscode';

export function activate({ subscriptions }: vscode.ExtensionContext): void {
  subscriptions.push(vscode.workspace.registerFileSystemProvider('mirror', new Mirror()));
}

const { fs } = vscode.workspace;

class Mirror implements vscode.FileSystemProvider {
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {});
  }

  stat(uri: vscode.Uri): Thenable<vscode.FileStat> {
    return fs.stat(mirrored(uri));
  }

  readDirectory(uri: vscode.Uri): Thenable<[string, vscode.FileType][]> {
    return fs.readDirectory(mirrored(uri));
  }

  createDirectory(uri: vscode.Uri): Thenable<void> {
    return fs.createDirectory(mirrored(uri));
  }

  readFile(uri: vscode.Uri): Thenable<Uint8Array> {
    return fs.readFile(mirrored(uri));
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    await fs.writeFile(mirrored(uri), content);
    this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  delete(uri: vscode.Uri): Thenable<void> {
    return fs.delete(mirrored(uri), { recursive: true });
  }

  rename(from: vscode.Uri, to: vscode.Uri): Thenable<void> {
    return fs.rename(mirrored(from), mirrored(to));
  }
}

function mirrored(uri: vscode.Uri): vscode.Uri {
  return uri.with({ scheme: 'file' });
}
