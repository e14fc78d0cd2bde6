import { settingsSchema } from '../../../lib/schema.ts';
import { checkOutsideObjects, type OutsideCluster } from './outside.ts';
import { requiredSecrets } from './secrets.ts';

const grafana = {
  url: 'https://grafana.example.com',
  allowedClients: { namespaces: ['ingress-nginx'] },
};
const ingressClass = (name: string, annotations: Record<string, string> = {}) => ({
  metadata: { name, annotations },
});
const standard = ingressClass('traefik', { 'ingressclass.kubernetes.io/is-default-class': 'true' });

const check = (more: object, cluster: Partial<OutsideCluster>) =>
  checkOutsideObjects(settingsSchema.parse({ grafana: { ...grafana, ...more } }), {
    gatewayKinds: [],
    ...cluster,
  }).map(({ name, status, seen, todo }) => [name, status, [seen, todo].join('; ')]);

test.each([
  [{ className: 'nginx' }, [ingressClass('nginx')], 'ok', 'nginx'],
  [{ className: 'nginx' }, [standard], 'failed', 'one that the cluster has (traefik)'],
  [{}, [standard], 'ok', 'traefik, the default'],
  [{}, [ingressClass('nginx')], 'warning', 'grafana.ingress names none'],
  [{}, [], 'warning', 'none: install an ingress controller'],
  [{ annotations: { 'kubernetes.io/ingress.class': 'gce' } }, [], 'ok', 'gce (annotation of'],
  [{}, undefined, 'warning', 'you may not list IngressClasses'],
])('an Ingress %j with classes %j: %s', (ingress, ingressClasses, status, says) => {
  expect(check({ ingress }, { ingressClasses })).toEqual([
    ['IngressClass', status, expect.stringContaining(says)],
  ]);
});

const externalAccess = (more: object, ...hosts: Record<string, string>[]) => ({
  collector: {
    externalAccess: {
      tls: { secret: 'otlp-tls' },
      bearerTokens: { secret: 'tokens' },
      ingress: {
        ...more,
        ...Object.fromEntries(
          hosts.map((annotations, index) => [
            ['http', 'grpc'][index],
            { host: 'otlp.example.com', annotations },
          ]),
        ),
      },
    },
  },
});
const annotated = { 'kubernetes.io/ingress.class': 'gce' };

test.each<[object, Record<string, string>[], string, string]>([
  [{ className: 'nginx' }, [{}], 'failed', 'set collector.externalAccess.ingress.className'],
  [{}, [{}], 'ok', 'traefik, the default'],
  [{}, [annotated, annotated], 'ok', 'gce (annotation'],
  [{}, [annotated, {}], 'ok', 'traefik, the default'],
])('Ingresses %j of the collector with annotations %j: %s', (more, hosts, status, says) => {
  const settings = settingsSchema.parse(externalAccess(more, ...hosts));
  const [requirement, ...others] = checkOutsideObjects(settings, {
    gatewayKinds: [],
    ingressClasses: [standard],
  });
  expect(others).toEqual([]);
  expect(requirement).toMatchObject({ name: 'IngressClass', status });
  expect(`${requirement?.seen}; ${requirement?.todo}`).toContain(says);
});

test.each<[Record<string, string>[], string[]]>([
  [
    [{}, {}],
    ['ingress-tls', 'otlp-tls', 'tokens'],
  ],
  // Both have the same Secret.
  [
    [{ 'cert-manager.io/issuer': 'company' }, {}],
    ['otlp-tls', 'tokens'],
  ],
])('Ingresses of the collector with annotations %j need the Secrets %j', (hosts, names) => {
  const settings = settingsSchema.parse(externalAccess({ tlsSecret: 'ingress-tls' }, ...hosts));
  expect(requiredSecrets(settings).map(({ name }) => name)).toEqual(names);
});

test.each([
  [['GatewayClass', 'HTTPRoute'], 'ok'],
  [[], 'failed'],
])('an HTTPRoute with the kinds %j: %s', (gatewayKinds, status) => {
  const httpRoute = { parentRefs: [{ name: 'public' }] };
  expect(check({ httpRoute }, { gatewayKinds })).toEqual([
    ['Gateway API', status, expect.stringContaining('gateway.networking.k8s.io/v1')],
  ]);
});

test('nothing is required of a cluster for a Grafana that is not opened', () => {
  expect(checkOutsideObjects(settingsSchema.parse({}), { gatewayKinds: [] })).toEqual([]);
});

test.each([
  [{}, [{ name: 'tls', settings: ['grafana.ingress.tlsSecret'], keys: ['tls.crt', 'tls.key'] }]],
  [{ 'cert-manager.io/issuer': 'company' }, []],
])('with annotations %j the TLS Secret must exist: %j', (annotations, required) => {
  const ingress = { tlsSecret: 'tls', annotations };
  const settings = settingsSchema.parse({ grafana: { ...grafana, ingress } });
  expect(requiredSecrets(settings)).toEqual(required);
});
