/** The language that the editor started the server for. Imported first: texts are looked up as soon as a module has them. */
import { config } from '@vscode/l10n';

const { TBLOCK_MESSAGES: file } = process.env;
if (file !== undefined) config({ fsPath: file });
