/**
 * Compiles the kernels: one WebAssembly module per variant of gemm's tile, into `generated/`. Does nothing where the
 * modules were made from the same sources.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tileSource } from './tile.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const text = (path) => readFileSync(at(path), 'utf8');
const variants = JSON.parse(text('variants.json'));

/** Compiles what is not there yet. */
export async function buildKernels() {
  const sources = fingerprint();
  const recorded = at('generated/sources.txt');
  if (existsSync(recorded) && readFileSync(recorded, 'utf8') === sources) return;
  mkdirSync(at('generated'), { recursive: true });
  for (const [name, variant] of Object.entries(variants)) await compile(name, variant);
  writeFileSync(recorded, sources);
}

function fingerprint() {
  const hash = createHash('sha256');
  const sources = readdirSync(at('assembly')).filter((name) => name.endsWith('.ts'));
  for (const name of sources.sort()) hash.update(name).update(text(`assembly/${name}`));
  for (const name of ['build.mjs', 'tile.mjs', 'variants.json']) hash.update(text(name));
  return hash.digest('hex');
}

async function compile(name, variant) {
  // Loaded late: it takes longer than to see that nothing is to be done.
  const { default: asc } = await import('assemblyscript/asc');
  const tile = tileSource(variant);
  const enable = ['simd', 'threads', ...(variant.relaxed ? ['relaxed-simd'] : [])];
  const { error, stderr } = await asc.main(
    [
      ...['tape.ts', '-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort=', '-o', name],
      ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
      ...['--enable', enable.join(','), '--memoryBase', '8192'],
    ],
    {
      readFile: (file) => {
        if (basename(file) === 'tile.ts') return tile;
        return existsSync(at(`assembly/${file}`)) ? withTables(text(`assembly/${file}`)) : null;
      },
      writeFile: (_, bytes) => write(`generated/${name}.wasm`, bytes),
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`The kernels ${name} do not compile:\n${stderr.toString()}`);
}

/** V8 builds the constants of a loop anew in every turn, from two registers; to load them costs half the time. */
function withTables(source) {
  return source.replace(/f32x4\.splat\((-?[\d.]+(?:e-?\d+)?)\)/g, (splat, number) =>
    Number(number) === 0 ? splat : `v128.load32_splat(memory.data<f32>([${number}]))`,
  );
}

/** As a whole or not at all, as two builds may run at the same time. */
function write(path, bytes) {
  const part = at(`${path}.${process.pid}`);
  writeFileSync(part, bytes);
  renameSync(part, at(path));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernels();
