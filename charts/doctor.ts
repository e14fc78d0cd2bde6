import type { App } from 'cdk8s';
import {
  DoctorConfigMap,
  type DoctorConfigMapProps,
  DoctorJob,
  DoctorPolicies,
} from '../lib/jobs/doctor.ts';
import type { Settings } from '../lib/schema.ts';
import { withoutSpread } from '../lib/settings/placement.ts';
import { manifest } from './manifest.ts';

export interface DoctorChartOptions {
  readonly deadlineSeconds: number;
  /** The ConfigMap, which the existing Job owns. @default - none: the Job is created suspended */
  readonly configMap?: DoctorConfigMapProps;
}

/**
 * The Job of `make doctor INSIDE=1` with its ConfigMap and NetworkPolicies; never part of dist/.
 */
export function doctorChart(app: App, settings: Settings, options: DoctorChartOptions): void {
  const { namespace } = settings;
  const { deadlineSeconds, configMap } = options;
  manifest(app, { id: '0995-doctor', namespace }, (chart) => {
    if (configMap !== undefined) {
      const { owner } = configMap;
      if (settings.networkPolicies) new DoctorPolicies(chart, 'policies', { owner, settings });
      new DoctorConfigMap(chart, 'files', configMap);
    }
    new DoctorJob(chart, 'job', {
      settings: withoutSpread(settings),
      deadlineSeconds,
      suspend: configMap === undefined,
    });
  });
}
