import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { StoreName } from '../jobs/volume-helper.ts';
import { proxyVariables } from '../kubernetes/egress-proxy.ts';
import { dataVolume, podTemplate } from '../kubernetes/pod.ts';
import { statefulSetPodName, volumeClaimName } from '../kubernetes/workload.ts';
import { imageReference, images } from '../model/images.ts';
import { backupLabels, commonLabels, labelKeys, selectorLabels } from '../model/labels.ts';
import { leaseName, leaseSeconds, operationAnnotation } from '../model/lease.ts';
import { declareSource, sourceFile } from '../model/source.ts';
import { version } from '../model/version.ts';
import { type Placement, withoutSpread, withPlacement } from '../settings/placement.ts';
import type { Platform } from '../settings/platform.ts';
import { backupMetric, backupService, backupStore } from '../telemetry/probes.ts';
import type { BackupPlan } from './pod/plan.ts';
import type { BackupSettings } from './settings.ts';

export interface BackupProps {
  readonly settings: Platform &
    Readonly<Record<StoreName, Placement>> & {
      readonly clusterName: string;
      readonly clusterDomain: string;
    };
  readonly backup: BackupSettings;
  /** URL of the collector for OTLP over HTTP. */
  readonly otlpUrl: string;
}

/** Name of the ServiceAccount, its Role and the ConfigMap, and prefix of the names of CronJobs. */
export const backupName = 'backup';

const labels = { ...selectorLabels(backupName), ...commonLabels, ...backupLabels };
const programPath = '/backup';
const dataPath = '/data';
const programs = ['main.ts', 's3.ts', 'kubernetes.ts', 'lock.ts', 'archive.ts'];
const directory = join(import.meta.dirname, 'pod');
const programFile = (name: string) => join(directory, name);

/** The package that signs requests, which the programs import from a ConfigMap of its own. */
const s3Package = { name: `${backupName}-aws4fetch`, path: '/node_modules/aws4fetch' } as const;

/** Files that Node.js runs as they are; paths from the root of the repository. */
export const backupPrograms = programs.map((name) => sourceFile(programFile(name)));

/**
 * Scheduled backups: for each store a CronJob, whose pod mounts the volume of the store and stops the
 * store while it copies it to S3. Its permissions: the number of replicas of these stores, their pods'
 * state, and the Lease that keeps deployments and other backups away.
 */
export class Backup extends Construct {
  constructor(scope: Construct, id: string, props: BackupProps) {
    super(scope, id);
    declareSource(this, sourceFile(import.meta.filename));
    const files = new k8s.KubeConfigMap(this, 'files', {
      metadata: { name: backupName, labels },
      data: {
        ...Object.fromEntries(
          programs.map((name) => [name, readFileSync(programFile(name), 'utf8')]),
        ),
        'package.json': '{ "type": "module" }\n',
      },
    });
    declareSource(files, ...backupPrograms);
    new k8s.KubeConfigMap(this, 's3-package', {
      metadata: { name: s3Package.name, labels },
      data: {
        'index.cjs': readFileSync(createRequire(import.meta.filename).resolve('aws4fetch'), 'utf8'),
        'package.json': '{ "main": "index.cjs" }\n',
      },
    });
    const { stores } = props.backup;
    this.permissions(stores, props.settings.namespace);
    for (const store of stores) this.cronJob(store, props);
  }

  private permissions(stores: readonly StoreName[], namespace: string): void {
    const metadata = { name: backupName, labels };
    new k8s.KubeServiceAccount(this, 'service-account', {
      metadata,
      automountServiceAccountToken: false,
    });
    new k8s.KubeRole(this, 'role', {
      metadata,
      rules: [
        {
          apiGroups: ['apps'],
          resources: ['statefulsets/scale'],
          resourceNames: [...stores],
          verbs: ['get', 'patch'],
        },
        {
          apiGroups: [''],
          resources: ['pods'],
          resourceNames: stores.map(statefulSetPodName),
          verbs: ['get'],
        },
        {
          apiGroups: ['coordination.k8s.io'],
          resources: ['leases'],
          resourceNames: [leaseName],
          verbs: ['get', 'update'],
        },
        // Kubernetes cannot restrict it to a name, which an object gets only when it is created.
        { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
      ],
    });
    new k8s.KubeRoleBinding(this, 'role-binding', {
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: backupName },
      subjects: [{ kind: 'ServiceAccount', name: backupName, namespace }],
    });
  }

  private cronJob(store: StoreName, { settings, backup, otlpUrl }: BackupProps): void {
    const { schedule, secret, url, endpoint, region, keep } = backup;
    if (schedule === undefined || url === undefined) throw new Error('there is no schedule');
    const { hostname: bucket, pathname } = new URL(url);
    const plan: BackupPlan = {
      store,
      dataDir: dataPath,
      image: imageReference(images[store], settings),
      mantis: version,
      clusterName: settings.clusterName,
      lease: { name: leaseName, annotation: operationAnnotation, seconds: leaseSeconds },
      bucket,
      prefix: `${pathname}/${store}`.split('/').filter(Boolean).join('/'),
      endpoint,
      region,
      keep,
      metricsUrl: `${otlpUrl}/v1/metrics`,
      metric: { ...backupMetric, service: backupService, attribute: backupStore },
    };
    const placement = withoutSpread(withPlacement(settings, settings[store]));
    const { metadata, spec } = podTemplate({
      name: backupName,
      // The volume is only readable for the user of the store.
      image: { ...images.node, uid: images[store].uid },
      platform: placement,
      resources: { cpu: '50m', memory: Size.mebibytes(128), memoryLimit: Size.mebibytes(512) },
      ports: [],
      args: ['node', `${programPath}/main.ts`, JSON.stringify(plan)],
      env: [
        // Of the API server.
        {
          name: 'NODE_EXTRA_CA_CERTS',
          value: '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt',
        },
        ...proxyVariables(settings.egressProxy, settings.clusterDomain),
        ...(settings.egressProxy.url === undefined
          ? []
          : [{ name: 'NODE_USE_ENV_PROXY', value: '1' }]),
      ],
      envFromSecret: secret,
      configDirectories: [
        { mountPath: programPath, configMaps: [backupName] },
        { mountPath: s3Package.path, configMaps: [s3Package.name] },
      ],
      dataMountPath: dataPath,
      emptyDirs: [],
      // Starts the store again.
      terminationGracePeriodSeconds: 60,
      serviceAccountName: backupName,
      labels: { ...labels, [labelKeys.version]: images.node.tag },
      annotations: {},
    });
    const volumes = [
      ...(spec.volumes ?? []),
      { name: dataVolume, persistentVolumeClaim: { claimName: volumeClaimName(store) } },
    ];
    const containers = spec.containers.map((each) => ({
      ...each,
      volumeMounts: each.volumeMounts?.map((mount) =>
        mount.name === dataVolume ? { ...mount, readOnly: true } : mount,
      ),
    }));
    new k8s.KubeCronJob(this, store, {
      metadata: { name: `${backupName}-${store}`, labels },
      spec: {
        schedule,
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: 3600,
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          metadata: { labels },
          spec: {
            // The second pod starts a store that a pod which was killed has stopped.
            backoffLimit: 1,
            activeDeadlineSeconds: 6 * 3600,
            template: {
              metadata,
              spec: {
                ...spec,
                affinity: withStore(store, spec.affinity),
                containers,
                volumes,
                restartPolicy: 'Never',
              },
            },
          },
        },
      },
    });
  }
}

/**
 * Prefers the node of the store, where its ReadWriteOnce volume is mounted. Not required: the pod has to
 * be scheduled also when a former one has stopped the store.
 */
function withStore(store: StoreName, { nodeAffinity }: k8s.Affinity = {}): k8s.Affinity {
  const podAffinityTerm = {
    topologyKey: 'kubernetes.io/hostname',
    labelSelector: { matchLabels: selectorLabels(store) },
  };
  return {
    nodeAffinity,
    podAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }],
    },
  };
}
