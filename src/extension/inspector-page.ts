/** The inspector's page: a strict policy, one script, one style sheet, nothing inline. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The only folder that the page may load from. */
export function inspectorFolder(extension: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extension, 'dist/webview');
}

export function inspectorPage(webview: vscode.Webview, extension: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const resource = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(inspectorFolder(extension), name)).toString();
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    // The toolkit makes one empty style element, with the nonce that it finds in the page.
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${vscode.l10n.t('TBlock Inspector')}</title>
<link rel="stylesheet" href="${resource('index.css')}">
</head>
<body>
<div id="inspector"></div>
<script type="module" nonce="${nonce}" src="${resource('index.js')}"></script>
</body>
</html>
`;
}
