import { readFileSync } from 'node:fs';
import { configDefaults, defineConfig } from 'vitest/config';

/** `.tblock` files are text, as they are for the bundler. */
const tblockText = {
  name: 'tblock-text',
  enforce: 'pre' as const,
  load: (id: string) =>
    id.endsWith('.tblock') ? `export default ${JSON.stringify(readFileSync(id, 'utf8'))};` : null,
};

/** Compiled kernels are bytes, as they are for the bundler. */
const wasmBytes = {
  name: 'wasm-bytes',
  enforce: 'pre' as const,
  load: (id: string) =>
    id.endsWith('.wasm')
      ? `export default Uint8Array.from(atob('${readFileSync(id, 'base64')}'), (c) => c.charCodeAt(0));`
      : null,
};

const exclude = [
  ...configDefaults.exclude,
  '**/.vscode-test/**',
  '**/dist/**',
  'test/vscode/suite/**',
];

export default defineConfig({
  plugins: [tblockText, wasmBytes],
  test: {
    globalSetup: ['test/kernels/compile.mjs'],
    // Vitest would leave a core to itself, and it has little to do.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          setupFiles: ['test/seed.ts'],
          // No file leaves anything behind for the next, and loading the same modules again takes half of the time.
          isolate: false,
          // To tell what hangs from what is slow on a busy machine.
          testTimeout: 30_000,
          include: ['test/**/*.test.ts'],
          exclude: [
            ...exclude,
            'test/packaging/**',
            'test/workbench/**',
            'test/webview/**',
            'test/vscode/**',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'webview',
          include: ['test/webview/**/*.test.{ts,tsx}'],
          exclude,
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'package',
          include: ['test/packaging/**/*.test.ts'],
          exclude,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'workbench',
          include: ['test/workbench/**/*.test.ts'],
          exclude,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
