import { DoctorPolicies } from '../lib/jobs/doctor.ts';
import { host } from '../lib/model/addresses.ts';
import type { SettingsInput } from '../lib/schema.ts';
import { egressPolicy } from '../ops/onboarding/onboard.ts';
import { synthConstruct } from './construct.ts';
import { type Manifest, settingsOf, synth, workloads } from './synthesized.ts';

/** Every policy of the stack, of what runs beside it and of the doctor that allows egress. */
function policiesWithEgress(input: SettingsInput): Manifest[] {
  const settings = settingsOf({ ...input, clusterView: { enabled: true } });
  const owner = { apiVersion: 'batch/v1', kind: 'Job', name: 'doctor', uid: 'u' };
  const doctor = synthConstruct((chart) => {
    new DoctorPolicies(chart, 'policies', { owner, settings });
  });
  return [
    ...synth({ ...input, clusterView: { enabled: true } }, { local: true }),
    ...doctor,
  ].filter(({ kind, spec }) => kind === 'NetworkPolicy' && spec.egress?.length > 0);
}

const dns = {
  pods: [
    {
      namespace: 'openshift-dns',
      labels: { 'dns.operator.openshift.io/daemonset-dns': 'default' },
    },
    { namespace: 'own-dns' },
  ],
  cidrs: ['169.254.20.10/32', 'fd00:90::/64'],
  ports: [53, 5353],
};

test.each([
  [
    'the default',
    {},
    [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
        podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
      },
      { ipBlock: { cidr: '169.254.0.0/16' } },
    ],
    [53],
  ],
  [
    'pods, addresses and ports of settings',
    { dns },
    [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'openshift-dns' } },
        podSelector: { matchLabels: dns.pods[0]?.labels },
      },
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'own-dns' } },
        podSelector: { matchLabels: {} },
      },
      { ipBlock: { cidr: '169.254.20.10/32' } },
      { ipBlock: { cidr: 'fd00:90::/64' } },
    ],
    [53, 5353],
  ],
])('every pod may query DNS at %s only', (_, settings, to, ports) => {
  const policies = policiesWithEgress(settings);
  expect(policies.map(({ metadata }) => metadata.name)).toEqual(
    expect.arrayContaining(['loki', 'shop', 'node-collector', 'doctor', 'load-generators']),
  );
  const rule = {
    to,
    ports: ports.flatMap((port) => ['UDP', 'TCP'].map((protocol) => ({ protocol, port }))),
  };
  for (const { metadata, spec } of policies) {
    const queries = spec.egress.filter((each: object) => JSON.stringify(each).includes('UDP'));
    expect([metadata.name, queries]).toEqual([metadata.name, [rule]]);
  }
});

test('the policy for apps has the same DNS', () => {
  const policy = JSON.stringify(
    egressPolicy({ namespace: 'my-team', service: 'app' }, settingsOf({ dns })),
  );
  expect(policy).toContain('openshift-dns');
  expect(policy).not.toContain('kube-dns');
});

const dots = (name: string) => name.split('.').length - 1;

test.each(workloads(synth({ clusterView: { enabled: true } }, { local: true })))(
  '$metadata.name looks up full names as they are, before the search domains',
  ({ spec }) => {
    const { options } = spec.template.spec.dnsConfig;
    expect(options).toEqual([{ name: 'ndots', value: '2' }]);
    // The shortest that there can be: a cluster domain of one label.
    const shortest = host('loki', settingsOf({ namespace: 'a', clusterDomain: 'b' }));
    expect(dots(shortest)).toBeGreaterThanOrEqual(Number(options[0].value));
  },
);
