/** Which alerts keep Alertmanager from telling of others. */
export type InhibitRule = {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal?: readonly string[];
};

/** One cause, one notification (https://prometheus.io/docs/alerting/latest/configuration/#inhibit_rule). */
export const inhibitRules: readonly InhibitRule[] = [
  {
    // Whoever sends through a dead collector is not silent, and traffic is counted behind it.
    source_matchers: ['alertname="TargetDown"', 'job=~"otel-collector|tempo"'],
    target_matchers: ['alertname=~"ServiceSilent|TrafficDropped"'],
  },
  {
    source_matchers: ['alertname=~"CollectorExportFailing|CollectorRefusing"'],
    target_matchers: ['alertname=~"ServiceSilent|TrafficDropped|CollectorQueueFilling"'],
  },
  {
    // Two alerts without a service are not about the same one.
    source_matchers: ['severity="critical"', 'service=~".+"'],
    target_matchers: ['severity="warning"'],
    equal: ['service'],
  },
  {
    source_matchers: ['alertname="VolumeAlmostFull"'],
    target_matchers: ['alertname="VolumeFilling"'],
    equal: ['namespace', 'persistentvolumeclaim'],
  },
];
