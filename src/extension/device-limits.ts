/** What the engine reports of the devices on which it runs goes to the language server, which says what will not fit. */
import type { LanguageEvents } from '../language/index.ts';
import type { Feature } from './feature.ts';
import { onSettingChanged, setting } from './settings.ts';

type Devices = LanguageEvents['tblock/devices'];

export const deviceLimits: Feature = ({ runs, language }) => {
  let devices: Devices = {};
  const tell = (): void => {
    const { cpu } = devices;
    // Where the processor is chosen, what the GPU holds does not matter.
    const onlyCpu = setting('engine.backend') === 'cpu';
    language.setDevices(onlyCpu ? { ...(cpu !== undefined && { cpu }) } : devices);
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
