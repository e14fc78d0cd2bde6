import { App, Chart, Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { dataVolume, podTemplate } from '../../lib/kubernetes/pod.ts';
import { volumeClaimName } from '../../lib/kubernetes/workload.ts';
import { type Image, images } from '../../lib/model/images.ts';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import { session } from './cluster.ts';

const { target, settings } = session;
const name = 'e2e-claim';

/**
 * Runs a program of Node.js on the volume of a StatefulSet, mounted at /data, as the user of its image.
 * The StatefulSet has to be scaled to 0. @returns what it prints
 */
export async function runOnClaim(workload: string, image: Image, program: string): Promise<string> {
  const { metadata, spec } = podTemplate({
    name,
    image: { ...images.node, uid: image.uid },
    platform: settings,
    resources: { cpu: '10m', memory: Size.mebibytes(64), memoryLimit: Size.mebibytes(256) },
    ports: [],
    args: ['node', '--eval', program],
    env: [],
    configDirectories: [],
    emptyDirs: [],
    dataMountPath: '/data',
    terminationGracePeriodSeconds: 1,
    labels: { 'app.kubernetes.io/name': name },
    annotations: {},
  });
  const pod = new k8s.KubePod(new Chart(new App(), 'claim'), 'pod', {
    metadata: { ...metadata, name, namespace: settings.namespace },
    spec: {
      ...spec,
      volumes: [
        { name: dataVolume, persistentVolumeClaim: { claimName: volumeClaimName(workload) } },
      ],
      restartPolicy: 'Never',
    },
  });
  const remove = ['delete', 'pod', name, '--ignore-not-found', '--wait=true'];
  await kubectl(target, remove);
  await kubectl(target, ['create', '--filename=-'], { input: JSON.stringify(pod.toJson()) });
  try {
    const ended = '--for=jsonpath={.status.phase}=Succeeded';
    await kubectl(target, ['wait', ended, `pod/${name}`, '--timeout=90s']);
    return await kubectl(target, ['logs', name]);
  } finally {
    await kubectl(target, remove);
  }
}

/** Scales a StatefulSet to 0, and waits until its pod is gone. */
export async function stopStatefulSet(workload: string): Promise<void> {
  await kubectl(target, ['scale', '--replicas=0', `statefulset/${workload}`]);
  await kubectl(target, ['wait', '--for=delete', `pod/${workload}-0`, '--timeout=120s']);
}

/** Scales a StatefulSet to 1, and waits until its pod is ready. */
export async function startStatefulSet(workload: string, timeoutSeconds = 120): Promise<void> {
  await kubectl(target, ['scale', '--replicas=1', `statefulset/${workload}`]);
  const status = ['rollout', 'status', `statefulset/${workload}`, `--timeout=${timeoutSeconds}s`];
  await kubectl(target, status);
}
