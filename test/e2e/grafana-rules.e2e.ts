import { realGrafanaVersion } from '../../bench/browser/real-grafana.ts';
import { datasourceUids } from '../../lib/model/uids.ts';
import { readAdminLogin } from '../../ops/cluster/secret.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { findAlerts } from '../../ops/stores/alertmanager.ts';
import { authHeaders } from '../../ops/stores/grafana.ts';
import { fetchText } from '../../ops/stores/http.ts';
import { eventually, session, withUrls } from './cluster.ts';

const alert = 'E2eMadeInGrafana';
const folderUid = 'e2e-grafana-rules';

/** An alerting rule as people make it in Grafana: a query and a threshold. */
const rule = {
  uid: 'e2e-made-in-grafana',
  title: alert,
  folderUID: folderUid,
  ruleGroup: 'e2e',
  orgID: 1,
  condition: 'C',
  for: '0s',
  noDataState: 'NoData',
  execErrState: 'Error',
  labels: { severity: 'none' },
  data: [
    {
      refId: 'A',
      datasourceUid: datasourceUids.prometheus,
      relativeTimeRange: { from: 600, to: 0 },
      model: { refId: 'A', expr: 'vector(2)', instant: true },
    },
    {
      refId: 'C',
      datasourceUid: '__expr__',
      model: {
        refId: 'C',
        type: 'threshold',
        expression: 'A',
        conditions: [{ evaluator: { type: 'gt', params: [1] } }],
      },
    },
  ],
};

test('the alert of a rule made in Grafana reaches Alertmanager, and resolves without the rule', () =>
  withUrls(['grafana', 'alertmanager'], async ({ grafana, alertmanager }) => {
    if ((await realGrafanaVersion(grafana)) === undefined) {
      console.error('SKIPPED: this Grafana is a stand-in, which evaluates no rules');
      return;
    }
    const headers = authHeaders({ login: await readAdminLogin(session.target) });
    const send = (method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) =>
      fetchText(grafana, path, { method, headers, body });
    await send('POST', '/api/folders', { uid: folderUid, title: 'e2e' });
    try {
      await send('POST', '/api/v1/provisioning/alert-rules', rule);
      const group = `/api/v1/provisioning/folder/${folderUid}/rule-groups/e2e`;
      await send('PUT', group, { title: 'e2e', folderUid, interval: 10, rules: [rule] });
      await eventually(alert, async () => {
        const [found] = await findAlerts(alertmanager, alert);
        if (found === undefined) throw new RetryLater('no such alert');
      });
    } finally {
      await send('DELETE', `/api/folders/${folderUid}?forceDeleteRules=true`);
    }
    await eventually('resolved', async () => {
      if ((await findAlerts(alertmanager, alert)).length > 0) throw new RetryLater('still active');
    });
  }));
