import type { App } from 'cdk8s';
import {
  DoctorFiles,
  type DoctorFilesProps,
  DoctorJob,
  DoctorPolicies,
} from '../lib/jobs/doctor.ts';
import type { Settings } from '../lib/schema.ts';
import { manifest } from './manifest.ts';

export interface DoctorOptions {
  readonly deadlineSeconds: number;
  /** What the Job, once it is there, is given. @default - nothing yet: the Job waits */
  readonly given?: DoctorFilesProps;
}

/** The doctor within the cluster, and what lets it look around; never part of dist/. */
export function doctor(app: App, settings: Settings, options: DoctorOptions): void {
  const { namespace } = settings;
  const { deadlineSeconds, given } = options;
  manifest(app, { id: '0995-doctor', source: 'lib/jobs/doctor.ts', namespace }, (chart) => {
    if (given !== undefined) {
      const { owner } = given;
      if (settings.networkPolicies) new DoctorPolicies(chart, 'policies', { owner, settings });
      new DoctorFiles(chart, 'files', given);
    }
    new DoctorJob(chart, 'job', { settings, deadlineSeconds, suspend: given === undefined });
  });
}
