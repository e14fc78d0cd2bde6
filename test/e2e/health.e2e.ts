import { logAlerts, metricAlerts } from '../../alerts/index.ts';
import { enabledServices } from '../../lib/model/parts.ts';
import { partOfService } from '../../lib/model/ports.ts';
import { datasourceUids } from '../../lib/model/uids.ts';
import { readAdminLogin } from '../../ops/cluster/secret.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { datasourceApi, datasourceHealth } from '../../ops/stores/grafana.ts';
import { fetchText, HttpError } from '../../ops/stores/http.ts';
import { ruleGroups, scrapeTargets } from '../../ops/stores/prometheus.ts';
import { eventually, session, withUrls } from './cluster.ts';

const { prometheus, loki, tempo, alertmanager } = datasourceUids;

async function grafanaAt(url: string) {
  return { url, login: await readAdminLogin(session.target) };
}

test.each([prometheus, loki, tempo])('Grafana reaches its datasource %s', (uid) =>
  withUrls(['grafana'], async (urls) => {
    const answer = await datasourceHealth(await grafanaAt(urls.grafana), uid);
    expect(answer.status).toBe('OK');
  }),
);

test('Grafana reaches Alertmanager, which has no health check in its API', () =>
  withUrls(['grafana'], async (urls) => {
    const api = datasourceApi(await grafanaAt(urls.grafana), alertmanager);
    const status = await fetchText(api, '/api/v2/status');
    expect(JSON.parse(status)).toHaveProperty('uptime');
  }));

test.each([
  ['requests without a login', {}],
  ['the default password', { authorization: `Basic ${btoa('admin:admin')}` }],
])('Grafana rejects %s', (_who, headers) =>
  withUrls(['grafana'], async ({ grafana }) => {
    const response = fetchText(grafana, '/api/datasources', { headers });
    await expect(response).rejects.toThrow(HttpError);
    await expect(response).rejects.toMatchObject({ status: 401 });
  }),
);

test('Prometheus scrapes every service, and every target is up', () =>
  withUrls(['prometheus'], async (urls) => {
    const stack = enabledServices(session.settings).filter(
      (component) => partOfService(component) !== 'testApp',
    );
    await eventually('every target up', async () => {
      const targets = await scrapeTargets(urls.prometheus);
      const up = targets
        .filter(({ health }) => health === 'up')
        .map(({ scrapePool }) => scrapePool);
      const missing = [...stack, 'kubelet', 'cadvisor'].filter((job) => !up.includes(job));
      const failing = targets.filter(({ health }) => health !== 'up');
      if (missing.length + failing.length > 0) {
        throw new RetryLater(`missing: ${missing}; ${failing.map((target) => target.lastError)}`);
      }
    });
  }));

test('Prometheus and Loki have loaded every rule and evaluate it without error', () =>
  withUrls(['prometheus', 'loki'], async (urls) => {
    for (const [url, prefix, alerts] of [
      [urls.prometheus, '', metricAlerts(session.settings)],
      [urls.loki, '/prometheus', logAlerts(session.settings)],
    ] as const) {
      await eventually('every rule healthy', async () => {
        const rules = (await ruleGroups(url, prefix)).flatMap((group) => group.rules);
        const healthy = rules.filter(({ health }) => health === 'ok').map(({ name }) => name);
        const missing = alerts.filter(({ alert }) => !healthy.includes(alert));
        if (missing.length > 0) throw new RetryLater(missing.map(({ alert }) => alert).join(', '));
      });
    }
  }));
