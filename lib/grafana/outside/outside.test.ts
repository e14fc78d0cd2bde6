import { synthConstruct } from '../../../test/construct.ts';
import { findManifest, refusals } from '../../../test/synthesized.ts';
import { Grafana } from '../grafana.ts';
import type { GrafanaOptions } from '../options.ts';

const grafana = (options: GrafanaOptions) =>
  synthConstruct((chart) => {
    const url = 'http://store';
    const urls = { prometheusUrl: url, lokiUrl: url, tempoUrl: url, alertmanagerUrl: url };
    new Grafana(chart, 'grafana', { ...options, ...urls });
  });
const outside = { url: 'https://example.org:8443/tools/observability' };

test('an Ingress has the host and the path of the URL', () => {
  const ingress = {
    className: 'nginx',
    annotations: { 'cert-manager.io/cluster-issuer': 'letsencrypt' },
    tlsSecret: 'grafana-tls',
  };
  const { metadata, spec } = findManifest(grafana({ ...outside, ingress }), 'Ingress', 'grafana');
  expect(metadata.annotations).toMatchObject(ingress.annotations);
  expect(spec).toEqual({
    ingressClassName: 'nginx',
    tls: [{ hosts: ['example.org'], secretName: 'grafana-tls' }],
    rules: [
      {
        host: 'example.org',
        http: {
          paths: [
            {
              path: '/tools/observability',
              pathType: 'Prefix',
              backend: { service: { name: 'grafana', port: { name: 'http' } } },
            },
          ],
        },
      },
    ],
  });
});

test('an HTTPRoute has them too, and refers to a port of the Service', () => {
  const parentRefs = [{ name: 'public', namespace: 'gateways', sectionName: 'https' }];
  const manifests = grafana({ ...outside, httpRoute: { parentRefs } });
  const { spec } = findManifest(manifests, 'HTTPRoute', 'grafana');
  expect(spec.parentRefs).toEqual([expect.objectContaining(parentRefs[0] as object)]);
  expect(spec.hostnames).toEqual(['example.org']);
  const [rule] = spec.rules;
  expect(rule.matches).toEqual([{ path: { type: 'PathPrefix', value: '/tools/observability' } }]);
  const [port] = findManifest(manifests, 'Service', 'grafana').spec.ports;
  expect(rule.backendRefs).toEqual([expect.objectContaining({ name: 'grafana', port: port.port })]);
});

test('without settings for it there is neither, and the path of a URL without one is /', () => {
  const kinds = grafana({}).map(({ kind }) => kind);
  expect(kinds).not.toContain('Ingress');
  expect(kinds).not.toContain('HTTPRoute');
  const manifests = grafana({ url: 'https://example.org', ingress: {} });
  const [rule] = findManifest(manifests, 'Ingress', 'grafana').spec.rules;
  expect(rule.http.paths[0].path).toBe('/');
});

const allowedClients = { namespaces: ['ingress-nginx'] };

test.each([
  [{ ingress: {}, allowedClients }, 'grafana.url: got "http://localhost:3000", wanted a URL with'],
  [{ url: 'https://10.0.0.7', ingress: {}, allowedClients }, 'grafana.url: got "https://10.0.0.7"'],
  [{ url: 'https://[::1]', ingress: {}, allowedClients }, 'grafana.url: got "https://[::1]"'],
  [
    { url: 'https://a.localhost', httpRoute: { parentRefs: [{ name: 'a' }] }, allowedClients },
    'grafana.httpRoute takes its host',
  ],
  [
    { url: 'https://example.org', ingress: {} },
    'grafana.allowedClients: got nothing, wanted the namespace of the controller',
  ],
  [
    { url: 'http://example.org', ingress: { tlsSecret: 'tls' }, allowedClients },
    'grafana.ingress.tlsSecret: got "tls", wanted none, or a grafana.url that begins with https://',
  ],
  [
    {
      url: 'https://example.org',
      ingress: { annotations: { 'cert-manager.io/issuer': 'company' } },
      allowedClients,
    },
    'grafana.ingress.tlsSecret: got nothing, wanted the name of the Secret that cert-manager',
  ],
  [
    { url: 'https://example.org', httpRoute: { parentRefs: [] }, allowedClients },
    'grafana.httpRoute.parentRefs: got [], wanted at least one Gateway',
  ],
  [{ url: 'nonsense', ingress: {}, allowedClients }, 'grafana.url: got "nonsense", wanted a URL'],
  [{ url: 'https://example.org/a?b' }, 'grafana.url: got "https://example.org/a?b"'],
  [{ url: 'https://admin:x@example.org' }, 'grafana.url: got'],
  [
    { extraConfig: { server: { root_url: 'https://example.org' } } },
    'grafana.extraConfig.server.root_url: got "(hidden)", wanted no such key: grafana.url is it',
  ],
  [
    { extraConfig: { server: { serve_from_sub_path: false } } },
    'no such key: Grafana serves below the path of grafana.url',
  ],
  [
    { extraConfig: { metrics: { basic_auth_username: 'me' } } },
    'grafana.extraConfig.metrics.basic_auth_username: got "(hidden)", wanted no such key: Mantis sets',
  ],
  [
    { extraConfig: { metrics: { basic_auth_password: 'hunter2' } } },
    'grafana.extraConfig.metrics.basic_auth_password: got "(hidden)", wanted no such key: Mantis sets',
  ],
])('%j is one clear error', (settings, message) => {
  expect(refusals({ grafana: settings })).toEqual([expect.stringContaining(message)]);
});

test('an Ingress needs no allowedClients where there are no NetworkPolicies', () => {
  const settings = { url: 'https://example.org', ingress: {} };
  expect(refusals({ networkPolicies: false, grafana: settings })).toEqual([]);
});
