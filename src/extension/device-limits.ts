/** What the engine reports of the devices on which it runs goes to the language server, which says what will not fit. */
import type { LanguageNotifications } from '../language/index.ts';
import type { Feature } from './feature.ts';
import { onSettingChanged, setting } from './settings.ts';

type Devices = LanguageNotifications['tblock/devices'];

export const deviceLimits: Feature = ({ runs, language, output }) => {
  let devices: Devices = {};
  const tell = (): void => {
    // Where the processor is chosen, what the GPU holds does not matter.
    const { cpu } = devices;
    const chosen =
      setting('engine.backend') === 'cpu' ? { ...(cpu !== undefined && { cpu }) } : devices;
    language
      .tell('tblock/devices', chosen)
      .catch((error: unknown) => output.warn(`Devices: ${String(error)}`));
  };
  return [
    runs.onDidChange((state) => {
      if (state.kind !== 'done') return;
      const { name, description, adapter, largestValue } = state.summary.backend;
      if (name === 'reference' || largestValue === undefined) return;
      if (devices[name]?.largestValue === largestValue) return;
      devices = { ...devices, [name]: { name: adapter?.name ?? description, largestValue } };
      tell();
    }),
    onSettingChanged('engine.backend', tell),
  ];
};
