import { defaultSettings } from '../../settings/load.ts';
import { images, taggedName } from '../model/images.ts';
import { type StoreName, volumeHelper } from './volume-helper.ts';

const stores: StoreName[] = ['prometheus', 'loki', 'tempo', 'grafana', 'alertmanager'];
const settings = defaultSettings();
// biome-ignore lint/suspicious/noExplicitAny: the pod is plain JSON
const helper = (props: object) => volumeHelper({ settings, store: 'loki', ...props } as any) as any;

test.each(stores)(
  'the helper of %s runs as its user, restricted, and mounts its volume',
  (store) => {
    const { spec } = helper({ store, writable: false });
    const [container] = spec.containers;
    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: images[store].uid },
      volumes: [{ persistentVolumeClaim: { claimName: `data-${store}-0` } }],
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  },
);

test('without writable the volume is mounted read-only', () => {
  const readOnly = (writable: boolean) =>
    helper({ writable }).spec.containers[0].volumeMounts[0].readOnly;
  expect([readOnly(false), readOnly(true)]).toEqual([true, false]);
});

test('the helper uses an image that the cluster already runs', () => {
  const image = (testApp: boolean) =>
    helper({
      settings: { ...settings, testApp: { ...settings.testApp, enabled: testApp } },
    }).spec.containers[0].image;
  expect(image(true)).toBe(taggedName(images.testApp));
  expect(image(false)).toBe(taggedName(images.prometheus));
});

test('the helper is scheduled on the given node', () => {
  expect(helper({ node: 'worker-2' }).spec.affinity.nodeAffinity).toEqual({
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [
        { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['worker-2'] }] },
      ],
    },
  });
  expect(helper({}).spec.affinity).toBeUndefined();
});

test('no selector of a Service or NetworkPolicy matches the helper', () => {
  const { labels } = helper({}).metadata;
  expect(labels['app.kubernetes.io/name']).toBe('backup-loki');
});
