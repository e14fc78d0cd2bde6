import type { Settings, SettingsInput } from '../lib/schema.ts';
import { asWritten } from '../lib/settings/as-written.ts';
import { withPlacement } from '../lib/settings/placement.ts';
import { platformSettings } from '../lib/settings/platform.ts';
import type { PodOptions } from '../lib/settings/pod-options.ts';
import { formatPercent } from '../lib/settings/units.ts';

type ComponentName = 'alertmanager' | 'collector' | 'grafana' | 'loki' | 'prometheus' | 'tempo';

/** Settings that list files, which are read and checked elsewhere. */
type Files = 'rules' | 'templates' | 'dashboards' | 'datasources';

/** The props of a component that are settings: its own, and those of all pods. */
export function componentProps<Name extends ComponentName>(settings: Settings, name: Name) {
  const { clusterDomain } = settings;
  const pods = withPlacement(settings, settings[name]);
  const keys = Object.keys(platformSettings) as (keyof typeof platformSettings)[];
  const ofPods = Object.fromEntries(keys.map((key) => [key, pods[key]]));
  const own: object = {
    ...settings[name],
    rules: undefined,
    templates: undefined,
    dashboards: undefined,
    datasources: undefined,
  };
  return asWritten({ ...own, ...ofPods, clusterDomain }) as Omit<
    NonNullable<SettingsInput[Name]>,
    Files
  > &
    PodOptions;
}

/** Sampling as it is written in mantis.yaml. */
export function samplingProps({ collector: { sampling } }: Settings) {
  return asWritten(
    'keep' in sampling ? { ...sampling, keep: formatPercent(sampling.keep) } : sampling,
  ) as NonNullable<NonNullable<SettingsInput['collector']>['sampling']>;
}
