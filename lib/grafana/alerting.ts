import type { ConfigObject } from '../model/config-file.ts';
import { sourceFile } from '../model/source.ts';

export const alertingSource = sourceFile(import.meta.filename);

const contactPoint = 'Alertmanager';

/**
 * Where Grafana sends the alerts of rules that people make in it: to Alertmanager, which groups,
 * inhibits and notifies as for every other alert
 * (https://grafana.com/docs/grafana/latest/alerting/set-up/provision-alerting-resources/file-provisioning/).
 *
 * @param url of Alertmanager
 */
export function alerting(url: string): ConfigObject {
  return {
    apiVersion: 1,
    contactPoints: [
      {
        orgId: 1,
        name: contactPoint,
        receivers: [{ uid: 'alertmanager', type: 'prometheus-alertmanager', settings: { url } }],
      },
    ],
    policies: [
      {
        orgId: 1,
        receiver: contactPoint,
        // Every alert by itself, at once, and again before Alertmanager takes it for resolved.
        group_by: ['...'],
        group_wait: '1s',
        group_interval: '30s',
        repeat_interval: '1m',
      },
    ],
  };
}
