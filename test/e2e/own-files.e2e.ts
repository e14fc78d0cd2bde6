import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { address } from '../../lib/model/addresses.ts';
import type { Settings } from '../../lib/schema.ts';
import { exists, kubectl } from '../../ops/cluster/kubectl.ts';
import { readAdminLogin } from '../../ops/cluster/secret.ts';
import { deploy } from '../../ops/deploy/deploy.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { findAlerts } from '../../ops/stores/alertmanager.ts';
import { authHeaders, dashboardUids, datasourceHealth } from '../../ops/stores/grafana.ts';
import { fetchJson, fetchText } from '../../ops/stores/http.ts';
import { queryPrometheus } from '../../ops/stores/prometheus.ts';
import { withOwnFiles } from '../../settings/own-files.ts';
import { pushLogs } from '../push-logs.ts';
import { eventually, session, withUrls } from './cluster.ts';
import { describeOnRequest } from './on-request.ts';

const { settings, target } = session;
const service = 'e2e-own';
const secret = 'e2e-own-files';

const files = {
  'rules/own.yaml': `
groups:
  - name: e2e-own
    interval: 5s
    rules:
      - record: e2e_own_answer
        expr: vector(42)
      - alert: E2eOwnMetric
        expr: e2e_own_answer > 41
        labels: { severity: page }
        annotations: { summary: "It is {{ $value }}" }
`,
  'rules/own_test.yaml': 'not a rule file',
  'logs/own.yaml': `
groups:
  - name: e2e-own-logs
    interval: 5s
    rules:
      - alert: E2eOwnLogs
        expr: sum(count_over_time({service_name="${service}"} |= "needle" [10m])) > 0
`,
  'dashboards/own.json': JSON.stringify({ uid: 'e2e-own', title: 'Own', panels: [] }),
  'dashboards/Team/own.json': JSON.stringify({ uid: 'e2e-own-team', title: 'Own', panels: [] }),
  'datasources/own.yaml': `
datasources:
  - name: Own
    uid: e2e-own
    type: prometheus
    url: ${address('prometheus', settings)}
    jsonData: { httpHeaderName1: X-Own }
    secureJsonData: { httpHeaderValue1: "Bearer $E2E_OWN" }
`,
};

/** The settings of the cluster under test, with files of the user's. */
function ownSettings(): Settings {
  const directory = mkdtempSync(join(tmpdir(), 'mantis-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  const list = (path: string) => ({ paths: [path], files: [] });
  const { prometheus, loki, grafana } = settings;
  return withOwnFiles(
    {
      ...settings,
      prometheus: { ...prometheus, rules: list('rules') },
      loki: { ...loki, rules: list('logs') },
      grafana: {
        ...grafana,
        secret,
        dashboards: list('dashboards'),
        datasources: list('datasources'),
      },
    },
    join(directory, 'mantis.yaml'),
  );
}

const quick = { yes: true, wait: '4m', timeout: '40s', doctor: false };

describeOnRequest('own rules, dashboards and data sources', () => {
  beforeAll(async () => {
    await kubectl(target, ['create', 'secret', 'generic', secret, '--from-literal=E2E_OWN=x']);
    await deploy({ target, settings: ownSettings() }, quick);
  });

  afterAll(async () => {
    if (await exists(target, 'configmap', 'prometheus-rules-rules-own'))
      await deploy(session, quick);
    await kubectl(target, ['delete', 'secret', secret, '--ignore-not-found']);
  });

  /** The one alert of a name in Alertmanager. */
  const alertOf = (url: string, name: string) =>
    eventually(`the alert ${name}`, async () => {
      const [alert] = await findAlerts(url, name);
      if (alert === undefined) throw new RetryLater('none');
      return alert;
    });

  test('a rule of Prometheus is evaluated, and its alert is in Alertmanager', () =>
    withUrls(['prometheus', 'alertmanager'], async ({ prometheus, alertmanager }) => {
      const alert = await alertOf(alertmanager, 'E2eOwnMetric');
      expect(alert).toMatchObject({
        labels: { severity: 'page' },
        annotations: { summary: 'It is 42' },
      });
      const [sample] = await queryPrometheus(prometheus, 'e2e_own_answer');
      expect(sample?.value).toBe(42);
    }));

  test("a rule of Loki's ruler is evaluated, and its alert is in Alertmanager", () =>
    withUrls(['otlpHttp', 'alertmanager'], async ({ otlpHttp, alertmanager }) => {
      await pushLogs(otlpHttp, { service, severity: 'INFO', text: 'a needle', time: new Date() });
      expect((await alertOf(alertmanager, 'E2eOwnLogs')).labels).toMatchObject({
        alertname: 'E2eOwnLogs',
      });
    }));

  const board = z.object({ meta: z.object({ folderTitle: z.string(), provisioned: z.boolean() }) });

  test('dashboards are in the folders of their directories', () =>
    withUrls(['grafana'], async ({ grafana: url }) => {
      const headers = authHeaders({ login: await readAdminLogin(target) });
      const folder = async (uid: string) =>
        (await fetchJson(url, `/api/dashboards/uid/${uid}`, board, { headers })).meta;
      expect(await folder('e2e-own')).toEqual({ folderTitle: 'Own', provisioned: true });
      expect(await folder('e2e-own-team')).toEqual({ folderTitle: 'Team', provisioned: true });
      expect(await folder('mantis-stack')).toEqual({ folderTitle: 'Mantis', provisioned: true });
    }));

  test('Grafana queries the data source', () =>
    withUrls(['grafana'], async ({ grafana: url }) => {
      const grafana = { url, login: await readAdminLogin(target) };
      expect(await datasourceHealth(grafana, 'e2e-own')).toMatchObject({ status: 'OK' });
    }));

  test('what is no longer listed is removed', async () => {
    await deploy(session, quick);
    const objects = await kubectl(target, ['get', 'configmaps', '--output=name']);
    expect(objects).not.toContain('-own');
    await withUrls(['prometheus', 'grafana'], async ({ prometheus, grafana: url }) => {
      const login = await readAdminLogin(target);
      expect(await dashboardUids({ url, headers: authHeaders({ login }) })).not.toContain(
        'e2e-own',
      );
      await expect(datasourceHealth({ url, login }, 'e2e-own')).rejects.toThrow('404');
      const rules = await fetchText(prometheus, '/api/v1/rules');
      expect(rules).toContain('Watchdog');
      expect(rules).not.toContain('E2eOwnMetric');
    });
  });
});
