import { findManifest, settingsOf, synth } from './synthesized.ts';

const manifests = synth({ clusterView: { enabled: true } }, { local: true });

test('every listener is on all addresses, of IPv4 and IPv6, or on loopback', () => {
  const text = JSON.stringify(manifests.filter(({ kind }) => kind !== 'NetworkPolicy'));
  expect(text).toContain('127.0.0.1');
  expect(text).not.toContain('0.0.0.0');
  expect(text).not.toContain('[::]');
});

test('Services have the IP families of the cluster, or those that are set', () => {
  const policies = (objects: typeof manifests) =>
    objects.filter(({ kind }) => kind === 'Service').map(({ spec }) => spec.ipFamilyPolicy);
  expect(new Set(policies(manifests))).toEqual(new Set([undefined]));
  const dual = policies(synth({ ipFamilyPolicy: 'PreferDualStack' }));
  expect(dual.length).toBeGreaterThan(10);
  expect(new Set(dual)).toEqual(new Set(['PreferDualStack']));
  expect(() => settingsOf({ ipFamilyPolicy: 'DualStack' as 'SingleStack' })).toThrow(
    'one of SingleStack, PreferDualStack, RequireDualStack',
  );
});

test('egress without a CIDR block is to every address of both families', () => {
  const { spec } = findManifest(
    synth({ alertmanager: { egress: [{ port: 25 }, { cidr: '2001:db8::/32', port: 443 }] } }),
    'NetworkPolicy',
    'alertmanager',
  );
  const addresses = spec.egress.map(({ to }: { to?: { ipBlock?: { cidr: string } }[] }) =>
    (to ?? []).flatMap(({ ipBlock }) => ipBlock?.cidr ?? []),
  );
  expect(addresses).toContainEqual(['0.0.0.0/0', '::/0']);
  expect(addresses).toContainEqual(['2001:db8::/32']);
});
