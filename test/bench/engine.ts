/** The engine beside its peers: a small block, GPT-2 small's shape, an edit, a token of generation; and memory. */
import { type BenchOptions, compareAll } from './compare/peers.ts';
import {
  machine,
  milliseconds,
  namesOf,
  ratiosOf,
  remarks,
  type Section,
  tableOf,
  textOf,
  versionsOf,
} from './compare/tables.ts';
import { blockWork, cachedWork, gpt2Work, threads } from './compare/work.ts';

export async function measure(options: BenchOptions): Promise<Section> {
  const lengths = options.quick ? [16, 64] : [16, 64, 128, 512];
  const works = [
    blockWork(),
    ...lengths.map((length) => gpt2Work(length)),
    gpt2Work(64, 'blocks.11.mlp.W_2'),
    cachedWork(128),
  ];
  const { compared, all, effort } = await compareAll(works, options);
  const ours = all.flatMap((each) => ('ours' in each && each.ours ? [each] : []));
  const ratios = ours.map(({ name, node }) => {
    const peers = all.filter(
      (each) => !('ours' in each) || (!each.ours && (each.node ?? node) === node),
    );
    return `${name}: its time divided by the peer's. Below 1, TBlock is faster.\n\n${ratiosOf(compared, name, namesOf(peers))}`;
  });
  const paragraphs = [
    `One run computes every value of the model and keeps all of them (the peers those with a name): weights and inputs are loaded before, reading values comes after. ${threads} threads. The textbook block is two post-norm layers of width 64 with 4 heads over 16 tokens; N = … is GPT-2 small's shape with random weights over N tokens, embedding and logits included; the edit changes one weight matrix of the last layer, after which the peers compute everything again; the token of generation reads a cache of keys and values. V8 computes with vectors of at most 256 bits: where the processor has 512, PyTorch takes part with both.`,
    ...ratios,
    `Milliseconds: the median of ${effort.rounds} rounds, in which all take turns.\n\n${tableOf(compared, namesOf(all), milliseconds)}`,
    `Peak memory of the process, in MiB, weights included.\n\n${tableOf(compared, namesOf(all), ({ memory }) => memory?.toFixed(0) ?? '–')}`,
    remarks(compared),
    `Machine: ${machine()}. Versions: ${versionsOf(compared)}. Command: \`npm run bench -- engine\`.`,
  ];
  return { title: 'The engine beside its peers', text: textOf(paragraphs) };
}
