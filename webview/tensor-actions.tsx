import { useSignal } from '@preact/signals';
import type { Matrix, SliceRequest, TextFormat } from '../src/views/index.ts';
import { heatmapPixels } from '../src/views/index.ts';
import { Button } from './controls.tsx';
import { putPixels } from './heatmap-drawing.ts';
import { heatmapSvg } from './heatmap-svg.ts';
import type { Store } from './store.ts';
import { strings } from './strings.ts';
import { useTheme } from './theme.tsx';

interface ActionsProps {
  readonly store: Store;
  readonly asked: SliceRequest;
  readonly matrix: Matrix;
}

const textFormats = ['numpy', 'markdown'] as const satisfies readonly TextFormat[];

/** Takes a tensor away: as text on the clipboard, as a file of values, as a picture. */
export function TensorActions({ store, asked, matrix }: ActionsProps) {
  const said = useSignal('');
  const { ground } = useTheme();
  const tell = (done: string, work: Promise<unknown>) =>
    work.then(
      () => {
        said.value = done;
      },
      (error: unknown) => {
        said.value = error instanceof Error ? error.message : String(error);
      },
    );
  const copy = async (format: TextFormat) =>
    store.ask('copy', { text: await store.view('tensorText', { ...asked, format }) });
  const save = async (format: 'png' | 'svg') => {
    const bytes =
      format === 'png'
        ? await pngOf(matrix, ground)
        : new TextEncoder().encode(heatmapSvg(matrix, ground, asked.path));
    return store.ask('savePicture', { name: `${asked.path}.${format}`, bytes });
  };
  return (
    <div class="toolbar actions">
      {textFormats.map((format) => (
        <Button
          key={format}
          look="secondary"
          onClick={() => tell(strings.tensor.copied[format], copy(format))}
        >
          {strings.tensor.copy[format]}
        </Button>
      ))}
      <Button
        look="secondary"
        onClick={() => tell('', store.ask('saveTensor', { path: asked.path }))}
      >
        {strings.tensor.saveValues}
      </Button>
      {(['png', 'svg'] as const).map((format) => (
        <Button key={format} look="secondary" onClick={() => tell('', save(format))}>
          {strings.tensor.save[format]}
        </Button>
      ))}
      <span class="muted" role="status">
        {said.value}
      </span>
    </div>
  );
}

/** A side of a picture's cell in pixels: small tensors are enlarged until they can be looked at. */
function cellSize({ rows, columns }: Matrix): number {
  return Math.max(1, Math.min(24, Math.floor(1024 / Math.max(rows.size, columns.size))));
}

async function pngOf(matrix: Matrix, ground: 'light' | 'dark'): Promise<Uint8Array> {
  const cell = cellSize(matrix);
  const canvas = document.createElement('canvas');
  canvas.width = matrix.columns.size * cell;
  canvas.height = matrix.rows.size * cell;
  const context = canvas.getContext('2d');
  if (context !== null) putPixels(context, heatmapPixels(matrix, canvas, ground), 0, 0);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  return new Uint8Array(blob === null ? new ArrayBuffer(0) : await blob.arrayBuffer());
}
