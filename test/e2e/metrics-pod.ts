import { kubectl } from '../../ops/cluster/kubectl.ts';
import { appImageReference } from '../../ops/local/build-app-image.ts';
import { session } from './cluster.ts';

/** Pods are scraped in every namespace. */
const otherNamespace = { ...session.target, namespace: 'default' };

interface MetricsPod {
  readonly name: string;
  readonly port: number;
  /** A JavaScript expression: the text of the page. */
  readonly page: string;
  readonly hostNetwork?: boolean;
}

function manifest({ name, port, page, hostNetwork }: MetricsPod) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      annotations: {
        'prometheus.io/scrape': 'true',
        'prometheus.io/port': `${port}`,
        'prometheus.io/path': '/stats',
      },
    },
    spec: {
      hostNetwork,
      containers: [
        {
          name,
          image: appImageReference(session.settings),
          imagePullPolicy: 'IfNotPresent',
          args: [
            '-e',
            `const page = ${page}; require('http').createServer((_, r) => r.end(page)).listen(${port})`,
          ],
        },
      ],
    },
  };
}

/** Creates annotated pods in the namespace `default`, and deletes them after `work`. */
export async function withMetricsPods(
  pods: readonly MetricsPod[],
  work: () => Promise<void>,
): Promise<void> {
  const names = pods.map(({ name }) => name);
  try {
    for (const pod of pods) {
      await kubectl(otherNamespace, ['apply', '-f', '-'], { input: JSON.stringify(manifest(pod)) });
    }
    await kubectl(otherNamespace, [
      ...['wait', '--for=condition=Ready', '--timeout=90s', 'pod', ...names],
    ]);
    await work();
  } finally {
    await kubectl(otherNamespace, [
      ...['delete', 'pod', ...names, '--ignore-not-found', '--grace-period=1'],
    ]);
  }
}
