import { type SettingsInput, settingsSchema } from '../../schema.ts';

type Input = NonNullable<NonNullable<SettingsInput['collector']>['externalAccess']>;

const tls = { secret: 'otlp-tls' };
const bearerTokens = { secret: 'tokens' };
const basicAuth = { secret: 'users' };
const browsers = { allowedOrigins: ['https://shop.example.com'] };
const mtls = { ...tls, clientCaSecret: 'clients' };

function mistakes(externalAccess: unknown): string[] {
  const { error } = settingsSchema.safeParse({ collector: { externalAccess } });
  return (error?.issues ?? []).map(({ path, message }) => `${path.slice(2).join('.')}: ${message}`);
}

test.each<[string, Input]>([
  ['bearer tokens', { tls, bearerTokens }],
  ['basic auth', { tls, basicAuth }],
  ['client certificates for one sender', { tls: mtls, sender: 'vm' }],
  ['client certificates beside tokens', { tls: mtls, bearerTokens }],
  ['browsers alone', { tls, browsers }],
  ['an attribute that is a label anyway', { tls, browsers, senderAttribute: 'service.namespace' }],
  [
    'names with dots',
    {
      tls,
      bearerTokens,
      ingress: { className: 'nginx.internal', tlsSecret: 'otlp.tls', http: { host: 'a.example' } },
    },
  ],
])('%s are accepted', (_, input) => {
  expect(mistakes(input)).toEqual([]);
});

test.each<[string, object, string]>([
  ['no TLS', { bearerTokens }, 'tls: Invalid input: expected object, received undefined'],
  [
    'no credential',
    { tls },
    ': one of bearerTokens, basicAuth, tls.clientCaSecret with sender, browsers',
  ],
  [
    'two kinds of credentials',
    { tls, bearerTokens, basicAuth },
    'basicAuth: bearerTokens or basicAuth, not both',
  ],
  [
    'client certificates that stand for nobody',
    { tls: mtls },
    'sender: a name, bearerTokens or basicAuth: the collector cannot tell the client certificates of tls.clientCaSecret apart',
  ],
  [
    'a sender beside credentials that name it',
    { tls, bearerTokens, sender: 'vm' },
    'sender: no sender unless tls.clientCaSecret is the only credential: bearerTokens and basicAuth name the sender',
  ],
  [
    'client certificates through an Ingress',
    { tls: mtls, sender: 'vm', ingress: { http: { host: 'otlp.example.com' } } },
    'tls.clientCaSecret: no tls.clientCaSecret beside ingress.grpc or ingress.http: the controller ends the TLS connection, and the collector sees no client certificate',
  ],
  [
    'a host for browsers that may not send',
    { tls, bearerTokens, ingress: { browsers: { host: 'otlp.example.com' } } },
    'ingress.browsers: no such host without browsers',
  ],
  [
    'a host for senders that may not send',
    { tls, browsers, ingress: { http: { host: 'otlp.example.com' } } },
    'ingress.http: no such host without a credential',
  ],
  [
    'requests above what pods may send',
    { tls, bearerTokens, maxRequestSize: '17Mi' },
    'maxRequestSize: at most 16Mi, which the collector accepts from pods',
  ],
  [
    'a node port without a Service that has one',
    { tls, bearerTokens, service: { nodePorts: { http: 30000 } } },
    'service.nodePorts: none unless type is NodePort or LoadBalancer',
  ],
  [
    'addresses of a load balancer without one',
    { tls, bearerTokens, service: { type: 'NodePort', loadBalancerSourceRanges: ['10.0.0.0/8'] } },
    'service.loadBalancerSourceRanges: none unless type is LoadBalancer',
  ],
  [
    'what the collector writes about the level',
    { tls, bearerTokens, senderAttribute: 'log.severity' },
    'senderAttribute: another attribute: Mantis sets this one itself',
  ],
  [
    'an attribute of Mantis',
    { tls, bearerTokens, senderAttribute: 'mantis.other_cluster' },
    'senderAttribute: another attribute: Mantis sets this one itself',
  ],
  [
    'another spelling of a label of the index',
    { tls, bearerTokens, senderAttribute: 'k8s__cluster_name' },
    'senderAttribute: k8s.cluster.name, which has the same label, or another attribute',
  ],
  [
    'another spelling of the level',
    { tls, bearerTokens, senderAttribute: 'log_severity' },
    'senderAttribute: another attribute: its label is that of log.severity',
  ],
  [
    'another spelling of a label of metrics',
    { tls, bearerTokens, senderAttribute: 'k8s_pod.name' },
    'senderAttribute: k8s.pod.name, which has the same label, or another attribute',
  ],
  [
    'an attribute that becomes no label',
    { tls, bearerTokens, senderAttribute: 'Tenant!' },
    'senderAttribute: the name of an attribute, such as k8s.cluster.name or tenant',
  ],
])('%s is refused', (_, input, expected) => {
  expect(mistakes(input)).toEqual([expected]);
});

test.each(['*', 'https://*.example.com', 'https://shop.example.com/', 'shop.example.com'])(
  'the origin %s is refused, because answers allow credentials',
  (origin) => {
    expect(mistakes({ tls, browsers: { allowedOrigins: [origin] } })).toEqual([
      'browsers.allowedOrigins.0: an origin such as https://shop.example.com, without a path and without *',
    ]);
  },
);
