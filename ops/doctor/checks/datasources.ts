import { datasourceUids } from '../../../lib/model/uids.ts';
import { messageOf } from '../../process/errors.ts';
import { datasourceHealth } from '../../stores/grafana.ts';
import { fetchText } from '../../stores/http.ts';
import { grafanaOf, isExternal, type StackAccess, viaGrafana } from '../model/access.ts';
import { type CheckResult, type Finding, runCheck } from '../model/finding.ts';
import { queryExternalStore } from './external-stores.ts';

const { prometheus, loki, tempo, alertmanager } = datasourceUids;

/**
 * Lets Grafana check each of its datasources. It has no health check for Alertmanager, so that one is
 * queried through the datasource proxy.
 */
export function checkDatasources(access: StackAccess): Promise<Finding[]> {
  const subject = (uid: keyof typeof datasourceUids) => ({
    area: 'grafana' as const,
    hop: `grafana → ${uid}`,
    suspects: ['grafana', uid] as const,
    cause: `Grafana's datasource ${uid} is missing, points elsewhere, or a NetworkPolicy blocks it`,
  });
  return Promise.all([
    ...[prometheus, loki, tempo].map((uid) =>
      runCheck(subject(uid), async (): Promise<CheckResult> => {
        try {
          const { status, message } = await datasourceHealth(grafanaOf(access), uid);
          if (status !== 'OK') throw new Error(`${status}: ${message}`);
          return message ?? 'the datasource is healthy';
        } catch (error) {
          const refused = isExternal(access, uid)
            ? await queryExternalStore(access, uid)
            : undefined;
          return { status: 'failed', ...refused, seen: messageOf(error) };
        }
      }),
    ),
    runCheck(subject(alertmanager), async () => {
      await fetchText(viaGrafana(access, alertmanager), '/api/v2/status');
      return 'reachable through the proxy';
    }),
  ]);
}
