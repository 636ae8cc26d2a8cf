import './styles.css';
import { startInspector } from './app.tsx';

/** The inspector inside a webview of VS Code. */
const vscode = acquireVsCodeApi();
const root = document.getElementById('inspector');
if (root === null) throw new Error('The page has no element #inspector.');
startInspector(root, {
  transport: {
    post: (message) => vscode.postMessage(message),
    listen: (handler) => window.addEventListener('message', (event) => handler(event.data)),
  },
  recall: () => vscode.getState(),
  remember: (memory) => vscode.setState(memory),
});
