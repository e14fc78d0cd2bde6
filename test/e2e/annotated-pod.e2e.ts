import { kubectl } from '../../ops/cluster/kubectl.ts';
import { appImageReference } from '../../ops/local/build-app-image.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { queryPrometheus } from '../../ops/stores/prometheus.ts';
import { eventually, session, withUrls } from './cluster.ts';

/** Pods are scraped in every namespace. */
const otherNamespace = { ...session.target, namespace: 'default' };
const name = 'mantis-e2e-annotated';
const page = "require('http').createServer((_, r) => r.end('e2e_answer 42\\n')).listen(8123)";

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    annotations: {
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': '8123',
      'prometheus.io/path': '/stats',
    },
  },
  spec: {
    containers: [
      {
        name,
        image: appImageReference(session.settings),
        imagePullPolicy: 'IfNotPresent',
        args: ['-e', page],
      },
    ],
  },
};

test('a pod of any namespace is scraped at the port and path that its annotations name', async () => {
  try {
    await kubectl(otherNamespace, ['apply', '-f', '-'], { input: JSON.stringify(pod) });
    await withUrls(['prometheus'], ({ prometheus }) =>
      eventually('its metric', async () => {
        const query = `e2e_answer{job="annotated-pods",k8s_pod_name="${name}"}`;
        const [sample] = await queryPrometheus(prometheus, query);
        if (sample === undefined) throw new RetryLater('not scraped');
        expect(sample.value).toBe(42);
        expect(sample.labels).toMatchObject({ k8s_namespace_name: 'default' });
      }),
    );
  } finally {
    await kubectl(otherNamespace, [
      'delete',
      'pod',
      name,
      '--ignore-not-found',
      '--grace-period=1',
    ]);
  }
});
