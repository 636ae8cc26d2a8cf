/**
 * Property tests try the same cases each time, so that what fails was broken by the last change. Others are tried with
 * `TBLOCK_SEED=1 npx vitest run …`.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['TBLOCK_SEED'] ?? 20_261_121) });
