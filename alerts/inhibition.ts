import { sourceFile } from '../lib/model/source.ts';
import { serviceLabels } from '../lib/telemetry/identity.ts';

export const inhibitRulesSource = sourceFile(import.meta.filename);

/** A rule by which some alerts inhibit notifications of others. */
export type InhibitRule = {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal?: readonly string[];
};

/** Inhibit alerts that have the same cause (https://prometheus.io/docs/alerting/latest/configuration/#inhibit_rule). */
export const inhibitRules: readonly InhibitRule[] = [
  {
    // While the collector or Tempo is down, metrics of services and span metrics are missing.
    source_matchers: ['alertname="TargetDown"', 'job=~"otel-collector|tempo"'],
    target_matchers: ['alertname=~"ServiceSilent|TrafficDropped"'],
  },
  {
    source_matchers: ['alertname=~"CollectorExportFailing|CollectorRefusing"'],
    target_matchers: ['alertname=~"ServiceSilent|TrafficDropped|CollectorQueueFilling"'],
  },
  {
    // Only alerts with a service: without it `equal` would match unrelated alerts.
    source_matchers: ['severity="critical"', 'service=~".+"'],
    target_matchers: ['severity="warning"'],
    equal: serviceLabels('service'),
  },
  {
    source_matchers: ['alertname="VolumeAlmostFull"'],
    target_matchers: ['alertname="VolumeFilling"'],
    equal: ['namespace', 'persistentvolumeclaim'],
  },
];
