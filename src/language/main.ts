/** The language server's process. */
import './translation.ts';

import { createConnection, ProposedFeatures } from 'vscode-languageserver/node.js';
import { startServer } from './server.ts';

startServer(createConnection(ProposedFeatures.all));
