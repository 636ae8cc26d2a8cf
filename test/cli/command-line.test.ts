import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSafetensors } from '../../src/formats/index.ts';
import { buildCommand, interrupted, root, tblock } from './bundled-command.ts';

let folder = '';
const inFolder = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tblock-cli-'));
  await buildCommand();
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

describe('use', () => {
  test('without a command it says how it is used', async () => {
    const { code, out, err } = await tblock([]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('tblock check FILE…');
  });

  test.each([[['--help']], [['check', '--help']], [['run', '--help']], [['help', 'run']]])(
    '%j prints help and ends with 0',
    async (args) => {
      const { code, out, err } = await tblock(args);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(/^tblock/);
    },
  );

  test('--version is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(await tblock(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  const file = 'examples/post-norm.tblock';
  test.each([
    [['chek', file], 'tblock: there is no command chek. Did you mean check?'],
    [['check'], 'tblock check: Name a file: tblock check model.tblock.'],
    [
      ['check', '--fromat', 'json', file],
      'tblock check: There is no option --fromat. Did you mean --format?',
    ],
    [
      ['check', '--format', 'xml', file],
      'tblock check: --format is one of text, json, sarif, github, not xml.',
    ],
    [['run'], 'tblock run: Name a file: tblock run model.tblock.'],
    [
      ['run', file, 'other.tblock'],
      'tblock run: It takes one file, and got examples/post-norm.tblock, other.tblock.',
    ],
    [['run', file, '--sed', '1'], 'tblock run: There is no option --sed. Did you mean --seed?'],
    [
      ['run', file, '--seed', 'many'],
      'tblock run: --seed is a whole number from 0 to 4294967295, not many.',
    ],
    [['run', file, '--seed'], 'tblock run: --seed needs a value. See tblock run --help.'],
    [
      ['run', file, '--backend', 'tpu'],
      'tblock run: --backend is one of auto, gpu, cpu, reference, not tpu.',
    ],
    [
      ['run', file, '--run', 'dmo'],
      'tblock run: examples/post-norm.tblock has no run dmo. Did you mean demo?',
    ],
    [
      ['run', file, '--model', 'Tny'],
      'tblock run: examples/post-norm.tblock has no model or block Tny. Did you mean Tiny?',
    ],
    [
      ['run', file, '--run', 'demo', '--model', 'Tiny'],
      'tblock run: --run names a run, which names its model: give --run or --model, not both.',
    ],
    [['run', file, '--dims', 'N'], 'tblock run: --dims takes names and lengths, N=12,d=64, not N.'],
    [
      ['run', file, '--dims', 'N=0'],
      'tblock run: The dim N is a whole number from 1 to 9007199254740991, not 0.',
    ],
    [['run', file, '--dims', 'M=3'], 'tblock run: examples/post-norm.tblock declares no dim M.'],
    [
      ['run', file, '--dims', 'd_ff=3'],
      'tblock run: The dim d_ff is derived from other dims: give those instead.',
    ],
    [
      ['run', file, '--print', 'blocks.0.t1.patern', '--backend', 'reference'],
      'tblock run: demo has no value blocks.0.t1.patern. Did you mean blocks.0.t1.pattern?',
    ],
    [
      ['run', file, '--keep', '*'],
      'tblock run: --keep says what --save FILE writes, and there is no --save.',
    ],
    [
      ['run', 'nowhere.tblock'],
      'tblock run: nowhere.tblock cannot be read: there is no such file.',
    ],
    [
      ['check', 'examples'],
      'tblock check: examples cannot be read: it is a folder; name a .tblock file in it.\n1 file: no problems',
    ],
  ])('%j is wrong use', async (args, message) => {
    expect(await tblock(args)).toEqual({ code: 2, out: '', err: `${message}\n` });
  });
});

describe('check', () => {
  test('good files are silent on standard output', async () => {
    const files = ['post-norm', 'pre-norm', 'decoder', 'gpt2-small', 'llama-block'];
    const { code, out, err } = await tblock([
      'check',
      ...files.map((name) => `examples/${name}.tblock`),
    ]);
    expect({ code, out, err }).toEqual({ code: 0, out: '', err: '5 files: no problems\n' });
  });

  test('findings begin with file, line, column, severity and code', async () => {
    const { code, out, err } = await tblock(['check', 'examples/shape-errors.tblock']);
    expect(code).toBe(1);
    expect(err).toBe('1 file: 5 errors and 1 warning\n');
    const heads = out.split('\n').filter((line) => /^\S/.test(line));
    expect(heads.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'examples/shape-errors.tblock:12:14: error TB101',
      'examples/shape-errors.tblock:16:14: error TB102',
      'examples/shape-errors.tblock:21:14: warning TB103',
      'examples/shape-errors.tblock:25:39: error TB105',
      'examples/shape-errors.tblock:30:5: error TB109',
      'examples/shape-errors.tblock:36:10: error TB011',
    ]);
  });

  test('one unreadable file does not hide the others', async () => {
    const { code, out, err } = await tblock([
      'check',
      'nowhere.tblock',
      'examples/shape-errors.tblock',
    ]);
    expect(code).toBe(2);
    expect(out).toContain('error TB101');
    expect(err).toContain('nowhere.tblock cannot be read');
  });

  test('json', async () => {
    const { code, out } = await tblock([
      'check',
      '--format',
      'json',
      'examples/shape-errors.tblock',
    ]);
    expect(code).toBe(1);
    const { diagnostics } = JSON.parse(out);
    expect(diagnostics).toHaveLength(6);
    expect(diagnostics[0]).toMatchObject({
      file: 'examples/shape-errors.tblock',
      line: 12,
      column: 14,
      endLine: 12,
      endColumn: 15,
      severity: 'error',
      code: 'TB101',
    });
    expect(diagnostics[0].related[0]).toMatchObject({
      line: 10,
      message: 'x: [N, d] comes from here',
    });
  });

  test('sarif', async () => {
    const { out } = await tblock(['check', '--format=sarif', 'examples/shape-errors.tblock']);
    const { version, runs } = JSON.parse(out);
    expect(version).toBe('2.1.0');
    const [{ tool, results }] = runs;
    const rules = tool.driver.rules.map(({ id }: { id: string }) => id);
    expect(rules).toEqual(['TB011', 'TB101', 'TB102', 'TB103', 'TB105', 'TB109']);
    expect(results).toHaveLength(6);
    expect(results[0]).toMatchObject({
      ruleId: 'TB101',
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'examples/shape-errors.tblock' },
            region: { startLine: 12, startColumn: 14, endLine: 12, endColumn: 15 },
          },
        },
      ],
    });
  });

  test('github annotations are one line each', async () => {
    const { out } = await tblock(['check', '--format', 'github', 'examples/shape-errors.tblock']);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(6);
    expect(lines[0]).toMatch(
      /^::error file=examples\/shape-errors.tblock,line=12,endLine=12,col=14,endColumn=15,title=TB101::The axes of x and W .*%0A/,
    );
  });

  test('paths of files in the current folder are relative to it', async () => {
    const file = join(root, 'examples/shape-errors.tblock');
    const { out } = await tblock(['check', file], { cwd: join(root, 'examples') });
    expect(out).toMatch(/^shape-errors.tblock:12:14: /);
  });
});

describe('run', () => {
  const postNorm = ['run', 'examples/post-norm.tblock', '--backend', 'reference'];

  test('prints the run, its backend with the reason, outputs and expectations', async () => {
    const { code, out, err } = await tblock(postNorm);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = out.split('\n');
    expect(lines.slice(0, 4)).toEqual([
      'demo for Tiny',
      'seed: 42',
      'dims: N=3 d=4 heads=2 d_ff=16',
      'backend: reference (float64 reference). Chosen by the setting.',
    ]);
    expect(out).toMatch(/^time: [\d.]+ ms$/m);
    expect(out).toMatch(/^y \[N, d\] = \[3, 4\]\n\[\[/m);
    expect(out).toMatch(/^pass expect y : \[N, d\]$/m);
  });

  test('the same command prints the same, but for the time', async () => {
    const timeless = (text: string) => text.replace(/^time: .*$/m, '');
    const [first, second] = await Promise.all([tblock(postNorm), tblock(postNorm)]);
    expect(timeless(first.out)).toBe(timeless(second.out));
  });

  test('colours are for terminals', async () => {
    const { out } = await tblock(postNorm);
    expect(out).not.toContain('\u001b');
  });

  test('--json, --dims and --seed', async () => {
    const { code, out } = await tblock([...postNorm, '--json', '--dims', 'N=2,d=6', '--seed', '7']);
    expect(code).toBe(0);
    const run = JSON.parse(out);
    expect(run).toMatchObject({
      run: 'demo',
      model: 'Tiny',
      seed: 7,
      dims: { N: 2, d: 6, heads: 2, d_ff: 24 },
      backend: { name: 'reference' },
      outputs: [{ path: 'y', axes: ['N', 'd'], shape: [2, 6], dtype: 'f32' }],
    });
    expect(run.outputs[0].values).toHaveLength(2);
    expect(run.expectations.map(({ passed }: { passed: boolean }) => passed)).toEqual([
      true,
      true,
      true,
    ]);
  });

  test('dims that do not divide are told at the run', async () => {
    const { code, out, err } = await tblock([...postNorm, '--dims', 'heads=3']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^examples\/post-norm.tblock:27:5: error TB105 .*4 \/ 3/);
  });

  test('--model runs a block without what the run sets', async () => {
    const { code, out } = await tblock([
      ...postNorm,
      '--model',
      'PostNorm',
      '--print',
      't1',
      't1.pattern',
    ]);
    expect(code).toBe(0);
    expect(out).toMatch(/^PostNorm\nseed: 0\n/);
    expect(out).toMatch(/^t1 \[N, d\] = \[3, 4\]$/m);
    expect(out).toMatch(/^t1.pattern \[heads, N, N\] = \[2, 3, 3\]$/m);
  });

  test('--print takes several paths, before or after the file', async () => {
    const { out } = await tblock([
      'run',
      '--print',
      'y',
      'blocks.0.x',
      'examples/post-norm.tblock',
      '--backend=reference',
    ]);
    expect(out).toMatch(/^blocks.0.x \[N, d\]/m);
  });

  test('a failed expectation is a diagnostic on its line and exit code 1', async () => {
    writeFileSync(
      inFolder('failing.tblock'),
      'block B(x: [2]) -> [2] { return x }\nrun r for B {\n  x = [1, 2]\n  expect x ~ 0\n}\n',
    );
    const { code, out } = await tblock(['run', 'failing.tblock', '--backend', 'reference'], {
      cwd: folder,
    });
    expect(code).toBe(1);
    expect(out).toContain(
      'fail expect x ~ 0\n     failing.tblock:4:3: error TB209 Measured 2 at [1]',
    );
  });

  test('the processor runs the examples as well', async () => {
    const { code, out } = await tblock([
      'run',
      'examples/decoder.tblock',
      '--backend',
      'cpu',
      '--json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(out).backend.name).toBe('cpu');
  });

  test('SIGINT stops a run', async () => {
    writeFileSync(
      inFolder('long.tblock'),
      'dims { N = 256, d = 256 }\nmodel Long {\n  input x: [N, d]\n  repeat 400 as steps {\n    x = LayerNorm(x @ x.T @ x)\n  }\n  output y = x\n}\n',
    );
    const { code, out, err } = await interrupted(
      ['run', inFolder('long.tblock'), '--backend', 'reference'],
      3000,
    );
    expect({ code, out, err }).toEqual({ code: 130, out: '', err: 'Stopped.\n' });
  });
});

describe('save', () => {
  test('every value once, under its own path', async () => {
    const file = inFolder('trace.safetensors');
    const { code, out } = await tblock([
      'run',
      'examples/pre-norm.tblock',
      '--backend',
      'reference',
      '--save',
      file,
    ]);
    expect(code).toBe(0);
    const opened = openSafetensors(file);
    if (!opened.ok) throw new Error(opened.error.message);
    const { tensors, metadata, readFloat64 } = opened.value;
    expect(out).toContain(`saved ${tensors.size} tensors to ${file}\n`);
    const [shapes, aliases, shared] = ['shapes', 'aliases', 'shared'].map((key) =>
      JSON.parse(metadata.get(key) ?? ''),
    );
    expect(Object.keys(shapes).sort()).toEqual([...tensors.keys()].sort());
    expect(shapes['blocks.0.attn.pattern'].axes).toEqual(['heads', 'N', 'N']);
    expect(aliases['blocks.0.x']).toBe('blocks.0.x#2');
    // The call's own label and its last value are one.
    expect(tensors.has(shared['blocks.0.attn'])).toBe(true);
    expect(tensors.has('blocks.0.attn')).toBe(false);
    expect(metadata.get('run')).toBe('demo');
    expect(metadata.get('seed')).toBe('42');
    expect(JSON.parse(metadata.get('dims') ?? '')).toMatchObject({ N: 8, d: 16 });
    expect(JSON.parse(metadata.get('backend') ?? '')).toMatchObject({ name: 'reference' });
    expect(tensors.has('blocks.0.attn.W_Q')).toBe(false);
    const pattern = readFloat64('blocks.0.attn.pattern');
    if (!pattern.ok) throw new Error(pattern.error.message);
    expect(pattern.value.slice(0, 8).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1);
  });

  test('--keep chooses, parameters included', async () => {
    const file = inFolder('kept.safetensors');
    const { code } = await tblock([
      'run',
      'examples/pre-norm.tblock',
      '--backend',
      'reference',
      '--save',
      file,
      '--keep',
      'blocks.*.attn.W_Q',
      'y',
    ]);
    expect(code).toBe(0);
    const opened = openSafetensors(file);
    if (!opened.ok) throw new Error(opened.error.message);
    expect([...opened.value.tensors.keys()].sort()).toEqual([
      'blocks.0.attn.W_Q',
      'blocks.1.attn.W_Q',
      'blocks.2.attn.W_Q',
      'ln_final',
    ]);
    expect(JSON.parse(opened.value.metadata.get('shared') ?? '')).toEqual({ y: 'ln_final' });
  });

  test('the same run writes the same bytes', async () => {
    const files = ['a', 'b'].map((name) => inFolder(`${name}.safetensors`));
    for (const file of files) {
      await tblock(['run', 'examples/post-norm.tblock', '--backend', 'reference', '--save', file]);
    }
    const [a, b] = files.map((file) => readFileSync(file));
    expect(a?.equals(b ?? Buffer.alloc(0))).toBe(true);
  });

  test('a glob that names nothing is wrong use, and nothing is written', async () => {
    const file = inFolder('none.safetensors');
    const { code, err } = await tblock([
      'run',
      'examples/post-norm.tblock',
      '--backend',
      'reference',
      '--save',
      file,
      '--keep',
      'layers.*',
    ]);
    expect(code).toBe(2);
    expect(err).toContain('demo has no value layers.*.');
    expect(openSafetensors(file).ok).toBe(false);
  });

  test('a folder that is not there', async () => {
    const file = inFolder('no/such/trace.safetensors');
    const { code, err } = await tblock([
      'run',
      'examples/post-norm.tblock',
      '--backend',
      'reference',
      '--save',
      file,
    ]);
    expect(code).toBe(2);
    expect(err).toContain('Cannot write');
  });
});
