import { podTemplateOf, synthConstruct } from '../../test/construct.ts';
import { findManifest, type Manifest, settingsOf } from '../../test/synthesized.ts';
import { NetworkPolicies } from '../kubernetes/network-policies.ts';
import { images, taggedName } from '../model/images.ts';
import { Customers, LoadGeneratorPolicy, LoadTest } from './load.ts';

const platform = settingsOf();
const shopUrl = 'http://shop:5000';
const files = { 'load/k6.ts': 'script', 'environment.ts': 'helper' };

const customers = synthConstruct((chart) => {
  const image = images.testApp;
  new Customers(chart, 'customers', { platform, image, shopUrl, journeysPerSecond: 0.5 });
});
const loadTest = synthConstruct((chart) => {
  new LoadTest(chart, 'load', { platform, shopUrl, files, rate: 5, seconds: 90, mix: 'slow' });
});
const job = findManifest(loadTest, 'Job', 'load');
const pods: [string, Manifest][] = [
  ['customers', findManifest(customers, 'Deployment', 'customers')],
  ['load', job],
];

test.each(pods)('%s sends requests to the shop and opens no port', (_, workload) => {
  const { container, spec } = podTemplateOf(workload);
  expect(container.env).toContainEqual({ name: 'SHOP_URL', value: shopUrl });
  expect(container.ports).toEqual([]);
  expect(spec.automountServiceAccountToken).toBe(false);
  expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
});

test('k6 finds each file where its script imports it from', () => {
  const { container, spec } = podTemplateOf(job);
  const [{ name, mountPath }] = container.volumeMounts;
  expect(container.args).toContain(`${mountPath}/load/k6.ts`);
  const volume = spec.volumes.find((each: { name: string }) => each.name === name);
  const [{ configMap }] = volume.projected.sources;
  const { data } = findManifest(loadTest, 'ConfigMap', configMap.name);
  const seen = configMap.items.map(({ key, path }: { key: string; path: string }) => [
    path,
    data[key],
  ]);
  expect(Object.fromEntries(seen)).toEqual(files);
  expect(container.image).toBe(taggedName(images.k6));
});

test('a load test runs once, has a deadline and is deleted after it has finished', () => {
  expect(job.spec).toMatchObject({ backoffLimit: 0, ttlSecondsAfterFinished: 3600 });
  expect(job.spec.activeDeadlineSeconds).toBeGreaterThan(90);
  expect(job.spec.template.spec.restartPolicy).toBe('Never');
});

test('the policies of the load generators and of the shop allow the same connection', () => {
  const policies = synthConstruct((chart) => {
    new LoadGeneratorPolicy(chart, 'load', platform);
    new NetworkPolicies(chart, 'all', platform);
  });
  const { spec } = findManifest(policies, 'NetworkPolicy', 'load-generators');
  for (const [, workload] of pods) {
    expect(podTemplateOf(workload).metadata.labels).toMatchObject(spec.podSelector.matchLabels);
  }
  const [, toShop] = spec.egress;
  const shop = findManifest(policies, 'NetworkPolicy', 'shop').spec;
  expect(toShop.to).toEqual([{ podSelector: shop.podSelector }]);
  expect(shop.ingress).toContainEqual({
    from: [{ podSelector: spec.podSelector }],
    ports: toShop.ports,
  });
});
