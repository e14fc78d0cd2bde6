import { datasourceUids } from '../../../lib/model/datasource-uids.ts';
import { datasourceHealth } from '../../stores/grafana.ts';
import { fetchText } from '../../stores/http.ts';
import { examined, type Finding } from '../model/finding.ts';
import { grafanaOf, type Reach, throughGrafana } from '../model/reach.ts';

const { prometheus, loki, tempo, alertmanager } = datasourceUids;

/**
 * Lets Grafana ask each of its datasources. It has no health check for Alertmanager, which is
 * therefore asked through its proxy, as the alert list asks it.
 */
export function askDatasources(reach: Reach): Promise<Finding[]> {
  const subject = (uid: keyof typeof datasourceUids) => ({
    area: 'grafana' as const,
    hop: `grafana → ${uid}`,
    suspects: ['grafana', uid] as const,
    cause: `Grafana's datasource ${uid} is missing, leads elsewhere, or a NetworkPolicy is in its way`,
  });
  return Promise.all([
    ...[prometheus, loki, tempo].map((uid) =>
      examined(subject(uid), async () => {
        const { status, message } = await datasourceHealth(grafanaOf(reach), uid);
        if (status !== 'OK') throw new Error(`${status}: ${message}`);
        return message ?? 'the datasource is well';
      }),
    ),
    examined(subject(alertmanager), async () => {
      await fetchText(throughGrafana(reach, alertmanager), '/api/v2/status');
      return 'answers through the proxy';
    }),
  ]);
}
