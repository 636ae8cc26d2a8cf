/** Whether a run fits into the machine and its devices: what a run keeps, and what there is. */
import { t } from '@vscode/l10n';
import { formatShape, productOfDims } from '../dims/index.ts';
import { type Diagnostic, diagnostic, numberOf } from '../shapes/index.ts';
import type { SourceRange } from '../trace/index.ts';
import type { Analysis } from './analysis.ts';
import { costNamed, sketchOf } from './cost.ts';
import { bytesText } from './cost-text.ts';

/** What runs have to fit into. */
export interface Machine {
  /** Bytes. */
  readonly memory: number;
  /** As the engine last reported them. */
  readonly devices?: Devices;
}

/** What one value has to fit into, where it is known. */
export interface Devices {
  readonly gpu?: Device;
  readonly cpu?: Device;
}

interface Device {
  readonly name: string;
  /** Bytes. */
  readonly largestValue: number;
}

/** All values are float32 where they are computed. */
export const bytesPerValue = 4;
/** Of what is computed no more is kept than this share of the memory; the rest is computed again on demand. */
const shareOfValues = 0.25;
/** The rest belongs to the editor and to everything else. */
const shareOfMemory = 0.75;

/** Undefined where it fits. */
export function tooLarge(
  bytes: number,
  { memory }: Machine,
  place: SourceRange,
): Diagnostic | undefined {
  const available = memory * shareOfMemory;
  if (bytes <= available) return undefined;
  const message = t`This run needs ${bytesText(bytes)}, and ${bytesText(available)} are to be had: make the dims smaller.`;
  return diagnostic('tooLarge', place, message);
}

/** The runs that cannot fit, known before they start; and models whose every dim has a value. */
export function whatDoesNotFit(analysis: Analysis, machine: Machine): readonly Diagnostic[] {
  const { targets, uri } = analysis;
  return targets
    .filter(({ kind, source }) => kind !== 'block' && source.uri === uri)
    .flatMap(({ name, source }): readonly Diagnostic[] => {
      const asked = costNamed(analysis, name);
      if (asked === undefined) return [];
      const oversized = oversizedRun(asked, machine, source);
      if (oversized !== undefined) return [oversized];
      const run = analysis.program.runs.find((each) => each.name === name);
      return oversizedValue(analysis, asked, machine, { source, backend: run?.backend ?? 'auto' });
    });
}

type Asked = NonNullable<ReturnType<typeof costNamed>>;

function oversizedRun(
  { cost, facts }: Asked,
  machine: Machine,
  place: SourceRange,
): Diagnostic | undefined {
  const { parameters, inputs, values } = cost.total;
  const [learned, given, computed] = [parameters, inputs, values].map((part) =>
    numberOf(facts, part),
  );
  if (learned === undefined || given === undefined || computed === undefined) return undefined;
  const kept = Math.min(computed * bytesPerValue, machine.memory * shareOfValues);
  return tooLarge((learned + given) * bytesPerValue + kept, machine, place);
}

/** The largest value, where the device on which the run is going to be computed has no room for it. */
function oversizedValue(
  analysis: Analysis,
  { cost, facts }: Asked,
  { devices = {} }: Machine,
  run: { readonly source: SourceRange; readonly backend: 'auto' | 'gpu' | 'cpu' },
): readonly Diagnostic[] {
  const isGpu = run.backend !== 'cpu' && devices.gpu !== undefined;
  const device = isGpu ? devices.gpu : devices.cpu;
  const sketch = device && sketchOf(analysis, cost.target);
  if (sketch === undefined || device === undefined) return [];
  const [largest] = sketch.nodes
    // What the processor computes along with its reader takes no room; what it is given does.
    .filter(({ node }) => isGpu || node.kind === 'parameter' || node.kind === 'input')
    .map(({ node, shape }) => {
      const count = numberOf(facts, productOfDims(shape.axes)) ?? 0;
      return { node, shape, bytes: count * bytesPerValue };
    })
    .sort(
      (a, b) =>
        b.bytes - a.bytes || Number(a.node.path === undefined) - Number(b.node.path === undefined),
    );
  if (largest === undefined || largest.bytes <= device.largestValue) return [];
  const { node, shape, bytes } = largest;
  const name = node.path?.replace(/#\d+$/, '') ?? t`A value`;
  const value = `${name}, ${formatShape(shape)},`;
  const [taken, held] = [bytesText(bytes), bytesText(device.largestValue)];
  const places = [...node.callers, node.source].filter(({ uri }) => uri === analysis.uri);
  const related = places.slice(-1).map((source) => ({ source, message: t`made here` }));
  const message = isGpu
    ? t`${value} takes ${taken}, and ${device.name} holds ${held} at once: this run is computed on the processor.`
    : t`${value} takes ${taken}, and ${device.name} holds ${held} at once: make the dims smaller.`;
  return [diagnostic(isGpu ? 'valueTooLarge' : 'tooLarge', run.source, message, { related })];
}
