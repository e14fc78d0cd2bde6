import { request } from 'node:https';
import type { BrowserContext } from 'playwright-core';
import { findChromium, withChromium } from '../../bench/browser/chromium.ts';
import { logIn, waitMs } from '../../bench/browser/grafana-page.ts';
import { realGrafanaVersion } from '../../bench/browser/real-grafana.ts';
import { clientSecretKey } from '../../lib/grafana/sign-in/settings.ts';
import { dashboardUids } from '../../lib/model/uids.ts';
import { exists, kubectl } from '../../ops/cluster/kubectl.ts';
import { readAdminLogin } from '../../ops/cluster/secret.ts';
import { withForwards } from '../../ops/connections/endpoint-urls.ts';
import { type Forward, forward } from '../../ops/connections/port-forward.ts';
import { deploy } from '../../ops/deploy/deploy.ts';
import { diagnoseStack } from '../../ops/doctor/doctor.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { queryPrometheus } from '../../ops/stores/prometheus.ts';
import { eventually, session } from './cluster.ts';
import { issueCertificate } from './edge/certificates.ts';
import { deleteEdge, edgePort, providerHost, startEdge, there } from './edge/edge.ts';
import { installHttpRouteCrd } from './edge/gateway-crd.ts';
import { grafana, host, path, people, secrets, url } from './edge/organisation.ts';
import { loginError, signIn, watchPolicy, whoami } from './edge/sign-in.ts';
import { describeOnRequest } from './on-request.ts';

const { target } = session;
const quick = { yes: true, wait: '6m', timeout: '40s', doctor: false };

describeOnRequest('Grafana from outside', () => {
  const forwards: Forward[] = [];
  let settings = session.settings;
  let hasRoutes = false;
  let hasPage = false;
  let ca = '';
  let edge = 0;
  let login = 0;

  const apply = (object: object) =>
    kubectl(target, ['apply', '--filename=-'], { input: JSON.stringify(object) });
  const applySecret = (name: string, stringData: object, type = 'Opaque') =>
    apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, type, stringData });

  beforeAll(async () => {
    const issued = await issueCertificate([host, providerHost]);
    ca = issued.ca;
    const redirect = `${url}/login/generic_oauth`;
    const client = { client_id: 'mantis', client_secret: 'e2e', redirect_uris: [redirect] };
    await startEdge({ path, certificate: issued, client, people });
    await applySecret(secrets.signIn, { [clientSecretKey]: 'e2e' });
    await applySecret(secrets.ca, { 'ca.crt': ca });
    const pair = { 'tls.crt': issued.certificate, 'tls.key': issued.key };
    await applySecret(secrets.tls, pair, 'kubernetes.io/tls');
    await apply({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'mantis-e2e' },
      spec: { controller: 'example.org/none' },
    });
    hasRoutes = await installHttpRouteCrd();
    settings = { ...settings, grafana: grafana(hasRoutes) };
    await deploy({ ...session, settings }, quick);
    for (const name of ['edge', 'login']) {
      forwards.push(await forward(there, { resource: `service/${name}`, remotePort: edgePort }));
    }
    [edge = 0, login = 0] = forwards.map(({ port }) => port);
    hasPage = await withForwards({ ...session, settings }, ['grafana'], async (urls) => {
      const version = await realGrafanaVersion(urls.grafana);
      return version !== undefined && findChromium() !== undefined;
    });
    if (!hasPage)
      process.stderr.write('SKIPPED: sign-in, for lack of Chromium or a real Grafana\n');
  });

  afterAll(async () => {
    await Promise.all(forwards.map((each) => each.close()));
    await deploy(session, quick);
    await kubectl(target, ['delete', 'secret', ...Object.values(secrets), '--ignore-not-found']);
    await kubectl(target, ['delete', 'ingressclass', 'mantis-e2e', '--ignore-not-found']);
    await deleteEdge();
  });

  /** A request as of somebody on the organisation's network, whose machine knows its CA. */
  const get = (where: string) =>
    new Promise<{ status?: number; headers: NodeJS.Dict<string | string[]>; text: string }>(
      (resolve, reject) => {
        const options = { host: '127.0.0.1', port: edge, servername: host, ca, path: where };
        request({ ...options, headers: { host } }, (response) => {
          let text = '';
          response.on('data', (chunk) => {
            text += chunk;
          });
          response.on('end', () =>
            resolve({ status: response.statusCode, headers: response.headers, text }),
          );
        })
          .on('error', reject)
          .end();
      },
    );

  test('the API server has the Ingress, and the HTTPRoute', async () => {
    expect(await exists(target, 'ingress', 'grafana')).toBe(true);
    if (hasRoutes) expect(await exists(target, 'httproute', 'grafana')).toBe(true);
  });

  test.each([
    ['/', 418],
    ['/login', 418],
    ['/metrics', 418],
    [`${path}/metrics`, 401],
    [`${path}/metrics/plugins/prometheus`, 401],
    [`${path}/%6detrics`, 401],
    [`${path}/healthz`, 200],
    [`${path}/api/health`, 200],
    [`${path}/login?disableAutoLogin`, 200],
    [`${path}/`, 302],
    [`${path}/d/${dashboardUids.home}`, 302],
    [`${path}/explore`, 302],
    [`${path}/api/search`, 401],
    [`${path}/api/datasources`, 401],
    [`${path}/api/datasources/proxy/uid/prometheus/api/v1/query?query=up`, 401],
    [`${path}/api/admin/settings`, 401],
    [`${path}/api/admin/stats`, 401],
    [`${path}/api/users`, 401],
    [`${path}/api/ruler/grafana/api/v1/rules`, 401],
    [`${path}/api/snapshots`, 401],
    [`${path}/api/frontend/settings`, 401],
    [`${path}/api/plugins`, 401],
    [`${path}/api/live/ws`, 401],
    [`${path}/apis`, 401],
    [`${path}/openapi/v3`, 302],
    [`${path}/avatar/0`, 302],
    [`${path}/debug/pprof/`, 302],
    [`${path}/public/`, 302],
  ])('somebody without a login who asks for %s gets %d', async (where, status) => {
    if (!hasPage) return;
    const answer = await get(where);
    expect({ where, status: answer.status }).toEqual({ where, status });
    expect(answer.text).not.toMatch(/"version": *"\d|grafana_build_info/);
  });

  test('the way to Grafana is by https, with HSTS and a content security policy', async () => {
    const { headers } = await get(`${path}/login?disableAutoLogin`);
    if (!hasPage) return;
    expect(headers['strict-transport-security']).toContain('max-age=');
    expect(headers['content-security-policy']).toContain("object-src 'none'");
  });

  test('Prometheus scrapes the metrics with its login', () =>
    withForwards(session, ['prometheus'], ({ prometheus }) =>
      eventually('up', async () => {
        const [sample] = await queryPrometheus(prometheus, 'min(up{job="grafana"})');
        if (sample?.value !== 1) throw new RetryLater(`up is ${sample?.value}`);
      }),
    ));

  test.each(['outside', 'inside'] as const)('the doctor, %s, finds no problem', async (from) => {
    const report = await diagnoseStack({ ...session, settings }, 20, from);
    expect(report.broken).toEqual([]);
  });

  const inBrowser = <T>(work: (context: BrowserContext) => Promise<T>) => {
    const rules = `MAP ${host}:443 127.0.0.1:${edge}, MAP ${providerHost}:${edgePort} 127.0.0.1:${login}`;
    return withChromium(
      async (browser) => work(await browser.newContext({ ignoreHTTPSErrors: true })),
      [`--host-resolver-rules=${rules}`],
    );
  };

  test.each([
    ['ada', 'Admin'],
    ['victor', 'Viewer'],
  ])('%s signs in at the provider and is %s', async (name, role) => {
    if (!hasPage) return;
    await inBrowser(async (context) => {
      const page = await signIn(context, url, name);
      const email = `${name}@example.org`;
      const expected = { status: 200, login: email, isGrafanaAdmin: false, role };
      expect(await whoami(page, url)).toEqual(expected);
      const cookies = await context.cookies(url);
      expect(cookies.find((each) => each.name === 'grafana_session')).toMatchObject({
        ...{ secure: true, httpOnly: true, sameSite: 'Lax', path },
      });
    });
  });

  test.each(['nora', 'admin'])('%s, whose groups have no role, is refused', async (name) => {
    if (!hasPage) return;
    await inBrowser(async (context) => {
      const page = await signIn(context, url, name);
      expect(await loginError(page)).toMatch(/login failed|denied|role/i);
      expect(await whoami(page, url)).toMatchObject({ status: 401 });
    });
  });

  test('pages load below the path, and the content security policy forbids nothing they need', async () => {
    if (!hasPage) return;
    await inBrowser(async (context) => {
      const page = await context.newPage();
      const violations = watchPolicy(page);
      const elsewhere: string[] = [];
      page.on('request', (each) => {
        if (!each.url().startsWith(url) && /^https?:/.test(each.url())) elsewhere.push(each.url());
      });
      await logIn(page, url, await readAdminLogin(target));
      await page.goto(`${url}/d/${dashboardUids.stack}`, { timeout: waitMs });
      await page.getByText('Grafana').first().waitFor({ timeout: waitMs });
      await page.goto(`${url}/explore`, { timeout: waitMs });
      await page
        .locator('.monaco-editor, [data-testid*="query"]')
        .first()
        .waitFor({ timeout: waitMs });
      await page.waitForTimeout(3000);
      expect(violations).toEqual([]);
      expect(elsewhere).toEqual([]);
    });
  });

  test.each(['localhost', '127.0.0.1'])(
    'by port-forward to %s the administrator logs in, although cookies are secure',
    async (name) => {
      if (!hasPage) return;
      await withForwards({ ...session, settings }, ['grafana'], (urls) =>
        withChromium(async (browser) => {
          const local = urls.grafana.replace('127.0.0.1', name);
          const page = await browser.newPage();
          await logIn(page, local, await readAdminLogin(target));
          expect(await whoami(page, local)).toMatchObject({ status: 200, isGrafanaAdmin: true });
        }),
      );
    },
  );

  test('without the settings the Ingress and the HTTPRoute are deleted', async () => {
    await deploy(session, quick);
    expect(await exists(target, 'ingress', 'grafana')).toBe(false);
    if (hasRoutes) expect(await exists(target, 'httproute', 'grafana')).toBe(false);
  });
});
