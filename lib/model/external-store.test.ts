import { destinationsOf } from './external-store.ts';

const derived = (url: string, throughProxy = false) =>
  destinationsOf({ egress: [] }, url, { clusterDomain: 'cluster.local', throughProxy });

test.each([
  ['http://loki.stores.svc:3100', { namespace: 'stores', port: 3100 }],
  ['http://loki.stores.svc.cluster.local', { namespace: 'stores', port: 80 }],
  ['http://loki-0.loki.stores.svc:3100', { namespace: 'stores', port: 3100 }],
  ['http://loki-0.loki.stores.svc.cluster.local:3100', { namespace: 'stores', port: 3100 }],
  ['https://loki.stores.svc.other.domain', { port: 443 }],
  ['https://loki.example.com/path', { port: 443 }],
  ['http://10.1.2.3:3100', { cidr: '10.1.2.3/32', port: 3100 }],
  ['http://[2001:db8::1]:3100', { cidr: '2001:db8::1/128', port: 3100 }],
])('%s is at %j', (url, destination) => {
  expect(derived(url)).toEqual([destination]);
});

test('behind a proxy only what is in the cluster is a destination', () => {
  expect(derived('https://loki.example.com', true)).toEqual([]);
  expect(derived('http://loki.stores.svc:3100', true)).toHaveLength(1);
});

test('destinations of the settings replace derived ones', () => {
  const egress = [{ namespace: 'stores', port: 8080 }];
  const where = { clusterDomain: 'cluster.local', throughProxy: false };
  expect(destinationsOf({ egress }, 'http://loki.stores.svc', where)).toEqual(egress);
});
