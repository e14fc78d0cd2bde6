import { parse } from 'yaml';
import { configFile, findManifest, synth } from '../../../test/synthesized.ts';
import type { SettingsInput } from '../../schema.ts';

const url = 'https://example.org/observability';
const allowedClients = { namespaces: ['ingress-nginx'] };

function stack(grafana: SettingsInput['grafana']) {
  const manifests = synth({ grafana });
  const podOf = (name: string) => {
    const { spec } = findManifest(manifests, 'StatefulSet', name).spec.template;
    const [container] = spec.containers;
    const files = container.volumeMounts.flatMap(
      ({ name: volume, mountPath }: { name: string; mountPath: string }) =>
        spec.volumes
          .find((each: { name: string }) => each.name === volume)
          ?.projected?.sources.flatMap(
            ({ secret }: { secret?: { name: string; optional?: boolean } }) =>
              secret === undefined
                ? []
                : [`${mountPath}: ${secret.name}${secret.optional === true ? ', optional' : ''}`],
          ) ?? [],
    );
    return { container, secrets: files as string[] };
  };
  const { container, secrets } = podOf('grafana');
  const prometheus = parse(configFile(manifests, 'prometheus-config', 'prometheus.yaml'));
  return {
    container,
    secrets,
    prometheusSecrets: podOf('prometheus').secrets,
    scrape: prometheus.scrape_configs.find(
      ({ job_name: job }: { job_name: string }) => job === 'grafana',
    ),
    variable: (name: string) =>
      container.env.find((each: { name: string }) => each.name === name)?.value,
  };
}

test('probes and the scrape are below the path of the URL, and so is everything in Grafana', () => {
  const { container, scrape, variable } = stack({ url });
  expect(variable('GF_SERVER_ROOT_URL')).toBe(url);
  expect(variable('GF_SERVER_SERVE_FROM_SUB_PATH')).toBe('true');
  expect(container.readinessProbe.httpGet.path).toBe('/observability/api/health');
  expect(container.startupProbe.httpGet.path).toBe('/observability/api/health');
  expect(container.livenessProbe.httpGet.path).toBe('/observability/healthz');
  expect(scrape.metrics_path).toBe('/observability/metrics');
  expect(scrape.static_configs).toEqual([{ targets: ['grafana:3000'] }]);
});

test('with https cookies are secure, and HSTS and CSP are on; with http not', () => {
  const names = ['COOKIE_SECURE', 'STRICT_TRANSPORT_SECURITY', 'CONTENT_SECURITY_POLICY'];
  const values = (settings: SettingsInput['grafana']) =>
    names.map((name) => stack(settings).variable(`GF_SECURITY_${name}`));
  expect(values({ url })).toEqual(['true', 'true', 'true']);
  expect(values({ url: 'http://example.org' })).toEqual([undefined, undefined, undefined]);
});

test.each([
  { allowedClients },
  { url, ingress: {}, allowedClients },
  { url, httpRoute: { parentRefs: [{ name: 'public' }] }, allowedClients },
])('the metrics of a Grafana with %j ask for a login, which Prometheus has', (grafana) => {
  const { scrape, variable, secrets, prometheusSecrets } = stack(grafana);
  const file = '/etc/secrets/grafana-metrics/password';
  expect(variable('GF_METRICS_BASIC_AUTH_PASSWORD__FILE')).toBe(file);
  expect(scrape.basic_auth).toEqual({
    username: variable('GF_METRICS_BASIC_AUTH_USERNAME'),
    password_file: file,
  });
  const mounted = '/etc/secrets/grafana-metrics: grafana-metrics';
  expect(secrets).toContain(mounted);
  // Metrics of everything else are worth more than those of Grafana.
  expect(prometheusSecrets).toEqual([`${mounted}, optional`]);
  expect(variable('GF_AUTH_ANONYMOUS_HIDE_VERSION')).toBe('true');
});

test('where only the stack may connect, they need none', () => {
  const { scrape, prometheusSecrets, variable } = stack({ url });
  expect(scrape).not.toHaveProperty('basic_auth');
  expect(prometheusSecrets).toEqual([]);
  expect(variable('GF_METRICS_BASIC_AUTH_USERNAME')).toBeUndefined();
});
