import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { parseProgram } from '../../src/syntax/index.ts';
test('t', () => { const p = readFileSync('src/ops/prelude.tblock', 'utf8'); const big = p.repeat(Math.ceil(1000 / p.split('\n').length));
 for (let i = 0; i < 6; i++) { const t = performance.now(); const r = parseProgram(big); console.log(big.split('\n').length, r.syntaxErrors.length, performance.now() - t); }
 const t = performance.now(); parseProgram(p); console.log('prelude', performance.now() - t);
});
