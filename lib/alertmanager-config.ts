import type { ConfigObject } from './config-file.ts';

/** The receiver that tells nobody: alerts are still seen in Grafana and Alertmanager. */
const nobody = 'null';

/** Alertmanager (https://prometheus.io/docs/alerting/latest/configuration/; 0.34). */
export function alertmanagerConfig(): ConfigObject {
  return {
    route: {
      receiver: nobody,
      group_by: ['alertname', 'service_name'],
      group_wait: '10s',
      group_interval: '1m',
      repeat_interval: '4h',
    },
    receivers: [{ name: nobody }],
  };
}
