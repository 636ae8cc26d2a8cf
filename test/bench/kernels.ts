/** Bare matrix products beside the peers' ones. */
import { type BenchOptions, compareAll } from './compare/peers.ts';
import {
  machine,
  namesOf,
  remarks,
  type Section,
  tableOf,
  textOf,
  versionsOf,
} from './compare/tables.ts';
import { productWork, threads } from './compare/work.ts';

export async function measure(options: BenchOptions): Promise<Section> {
  const rows = options.quick ? [16, 64] : [16, 64, 128, 512];
  const works = [
    productWork(512, 512, 512),
    ...(options.quick ? [] : [productWork(1024, 1024, 1024)]),
    ...rows.map((length) => productWork(length, 768, 3072)),
  ];
  const { compared, all, effort } = await compareAll(works, options);
  const table = tableOf(compared, namesOf(all), ({ median }, { work }) =>
    (work.flops / median / 1e6).toPrecision(3),
  );
  const paragraphs = [
    `Thousand million operations per second, two for each multiply-add, of one product of activations and weights in float32; the median of ${effort.rounds} rounds. ${threads} threads.`,
    table,
    remarks(compared),
    `Machine: ${machine()}. Versions: ${versionsOf(compared)}. Command: \`npm run bench -- kernels\`.`,
  ];
  return { title: 'Matrix products', text: textOf(paragraphs) };
}
