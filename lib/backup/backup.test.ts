import { podTemplateOf } from '../../test/construct.ts';
import { findManifest, settingsOf, synth } from '../../test/synthesized.ts';
import { images } from '../model/images.ts';
import { backupLabels, selectorLabels } from '../model/labels.ts';
import type { SettingsInput } from '../schema.ts';

const backup = {
  schedule: '15 3 * * *',
  url: 's3://backups/production/one',
  endpoint: 'https://s3.example.com:9000',
  secret: 'backup-s3',
  egress: [{ cidr: '203.0.113.7/32', port: 9000 }],
};
const manifests = synth({ backup });
const names = (objects = manifests) =>
  objects.filter(({ kind }) => kind === 'CronJob').map(({ metadata }) => metadata.name);
const loki = findManifest(manifests, 'CronJob', 'backup-loki');
const pod = podTemplateOf({ ...loki, spec: { template: loki.spec.jobTemplate.spec.template } });

test('without a schedule there is no object of it', () => {
  expect(JSON.stringify(synth())).not.toContain('"backup');
});

test('each store has a CronJob, of which one runs at a time', () => {
  expect(names()).toEqual(
    ['alertmanager', 'grafana', 'loki', 'tempo', 'prometheus'].map((name) => `backup-${name}`),
  );
  expect(names(synth({ backup: { ...backup, stores: ['loki'] } }))).toEqual(['backup-loki']);
  expect(loki.spec).toMatchObject({ schedule: '15 3 * * *', concurrencyPolicy: 'Forbid' });
});

test('the pod meets "restricted", runs as the user of the store, and only reads its volume', () => {
  expect(pod.spec).toMatchObject({
    automountServiceAccountToken: false,
    serviceAccountName: 'backup',
    restartPolicy: 'Never',
    securityContext: { runAsNonRoot: true, runAsUser: images.loki.uid },
  });
  expect(pod.container.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
  const mounts = pod.container.volumeMounts;
  expect(mounts.every(({ readOnly }: { readOnly: boolean }) => readOnly)).toBe(true);
  expect(pod.spec.volumes).toContainEqual({
    name: 'data',
    persistentVolumeClaim: { claimName: 'data-loki-0' },
  });
});

test('it prefers the node of its store, but can run where the store is stopped', () => {
  const { affinity } = pod.spec;
  const [preferred] = affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution;
  expect(preferred.podAffinityTerm.labelSelector.matchLabels).toEqual(selectorLabels('loki'));
  expect(affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution).toBeUndefined();
});

test('credentials come from the Secret, and only from there', () => {
  expect(pod.container.envFrom).toEqual([{ secretRef: { name: 'backup-s3' } }]);
  const plan = JSON.parse(pod.container.args[2]);
  expect(plan).toMatchObject({
    store: 'loki',
    bucket: 'backups',
    prefix: 'production/one/loki',
    endpoint: 'https://s3.example.com:9000',
    keep: 7,
    metricsUrl: 'http://otel-collector:4318/v1/metrics',
  });
});

test('its permissions are limited to the stores by name', () => {
  const { rules } = findManifest(
    synth({ backup: { ...backup, stores: ['loki'] } }),
    'Role',
    'backup',
  );
  const named = rules.filter((rule: { resourceNames?: string[] }) => rule.resourceNames);
  expect(rules.length - named.length).toBe(1);
  expect(named.map((rule: { resourceNames: string[] }) => rule.resourceNames)).toEqual([
    ['loki'],
    ['loki-0'],
    ['mantis-lock'],
  ]);
});

test('its policy allows DNS, the API server, the collector and the S3 server', () => {
  const { spec } = findManifest(manifests, 'NetworkPolicy', 'backup');
  expect(spec.podSelector.matchLabels).toEqual(backupLabels);
  expect(pod.metadata.labels).toMatchObject(backupLabels);
  expect(spec.ingress).toBeUndefined();
  expect(spec.egress.slice(1)).toEqual([
    {
      to: [{ podSelector: { matchLabels: selectorLabels('otel-collector') } }],
      ports: [{ protocol: 'TCP', port: 4318 }],
    },
    {
      ports: [
        { protocol: 'TCP', port: 443 },
        { protocol: 'TCP', port: 6443 },
      ],
    },
    { to: [{ ipBlock: { cidr: '203.0.113.7/32' } }], ports: [{ protocol: 'TCP', port: 9000 }] },
  ]);
  const collector = findManifest(
    synth({ backup, collector: { allowedSenders: { namespaces: ['team'] } } }),
    'NetworkPolicy',
    'otel-collector',
  );
  expect(JSON.stringify(collector.spec.ingress)).toContain(JSON.stringify(backupLabels));
});

test.each<[SettingsInput['backup'], string]>([
  [{ ...backup, schedule: 'daily' }, 'a cron expression of five fields'],
  [{ ...backup, schedule: '0 3 * *' }, 'a cron expression of five fields'],
  [{ ...backup, url: 'https://s3.example.com/x' }, 'a location in S3 such as s3://bucket/prefix'],
  [{ ...backup, url: undefined }, 'the location in S3, because there is a schedule'],
  [{ ...backup, secret: undefined }, 'the Secret with the credentials of S3'],
  [{ ...backup, egress: [] }, 'the address of the S3 server, such as [{ port: 443 }]'],
  [{ ...backup, stores: [] }, 'at least one store'],
  [{ ...backup, maxAge: '1h' }, 'at least 2h'],
])('%j is refused', (wrong, message) => {
  expect(() => settingsOf({ backup: wrong })).toThrow(message);
});

test.each(['15 3 * * *', '*/30 0-6,20 * jan-mar mon-fri', '@daily'])(
  '%s is a schedule',
  (schedule) => {
    expect(settingsOf({ backup: { ...backup, schedule } }).backup.schedule).toBe(schedule);
  },
);
