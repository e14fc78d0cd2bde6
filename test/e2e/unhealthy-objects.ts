import { imageReference, images } from '../../lib/model/images.ts';
import { session } from './cluster.ts';

/** Objects with the problems that the alerts of the cluster view are about. */

const image = imageReference(images.testApp, session.settings);

const pod = (name: string, container: object) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'main', image, command: ['sleep', 'infinity'], ...container }],
  },
});

const deployment = (name: string, replicas: number, containerImage = image) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas,
    progressDeadlineSeconds: 5,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: 'main',
            image: containerImage,
            imagePullPolicy: 'Never',
            command: ['sleep', 'infinity'],
          },
        ],
      },
    },
  },
});

const allocate = 'const all = []; setInterval(() => all.push(Buffer.alloc(1e7, 1)), 20)';

export const unhealthyObjects: readonly object[] = [
  pod('needs-secret', {
    env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'missing', key: 'a' } } }],
  }),
  pod('giant', { resources: { requests: { cpu: '1000' } } }),
  pod('greedy', {
    command: ['node', '--eval', allocate],
    resources: { limits: { memory: '64Mi' } },
  }),
  deployment('stuck', 1, 'localhost/nowhere:1'),
  // Above its maximum, to which the autoscaler lowers it without a metric.
  deployment('scaled', 3),
  {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'scaled' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'scaled' },
      minReplicas: 1,
      maxReplicas: 2,
    },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'fails' },
    spec: {
      backoffLimit: 0,
      template: {
        spec: {
          restartPolicy: 'Never',
          containers: [{ name: 'main', image, command: ['node', '--eval', 'process.exit(1)'] }],
        },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'full' },
    spec: { hard: { 'count/secrets': '1' } },
  },
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'only' } },
];

/** The alerts whose condition these objects fulfil, and the labels that name them. */
export const expectedAlerts: readonly {
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
}[] = [
  {
    alert: 'ContainerNotStarting',
    labels: { pod: 'needs-secret', container: 'main', reason: 'CreateContainerConfigError' },
  },
  { alert: 'PodNotRunning', labels: { pod: 'giant', phase: 'Pending' } },
  { alert: 'ContainerOutOfMemory', labels: { pod: 'greedy', container: 'main' } },
  { alert: 'WorkloadNotReady', labels: { workload: 'deployment/stuck' } },
  { alert: 'RolloutStuck', labels: { deployment: 'stuck' } },
  { alert: 'JobFailed', labels: { job_name: 'fails' } },
  { alert: 'AutoscalerAtMaximum', labels: { horizontalpodautoscaler: 'scaled' } },
  { alert: 'QuotaAlmostUsed', labels: { resourcequota: 'full', resource: 'count/secrets' } },
];
