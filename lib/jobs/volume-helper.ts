import { App, Chart, Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { dataVolume, podTemplate } from '../kubernetes/pod.ts';
import { volumeClaimName } from '../kubernetes/workload.ts';
import { type Image, imageReference, images, testAppImage } from '../model/images.ts';
import { commonLabels, selectorLabels } from '../model/labels.ts';
import { type Placement, withoutSpread, withPlacement } from '../settings/placement.ts';
import type { Platform } from '../settings/platform.ts';

/** A service whose volume can be backed up. */
export type StoreName = 'prometheus' | 'loki' | 'tempo' | 'grafana' | 'alertmanager';

export type VolumeHelperSettings = Platform &
  Readonly<Record<StoreName, Placement>> & {
    readonly testApp: { readonly enabled: boolean; readonly image?: string };
  };

export interface VolumeHelperProps {
  readonly settings: VolumeHelperSettings;
  readonly store: StoreName;
  /**
   * The node of the store's pod: a ReadWriteOnce volume can be mounted on one node only. @default -
   * any node
   */
  readonly node?: string;
  /** Whether the volume is mounted writable. */
  readonly writable: boolean;
}

export const helperMountPath = '/data';

/** One name for each store also keeps two backups of it from running at once. */
export function helperPodName(store: StoreName): string {
  return `backup-${store}`;
}

/**
 * The image of the helper. The stores' images have no shell. Of the images of the stack, the test
 * app's has Debian's tools and Prometheus' has BusyBox's, and both are on the nodes already.
 */
function helperImage({ testApp }: VolumeHelperSettings): Image {
  return testApp.enabled ? testAppImage(testApp) : images.prometheus;
}

/**
 * A pod that mounts the volume of a store and sleeps, for `kubectl exec`. It runs as the store's
 * user, meets Pod Security "restricted" and no NetworkPolicy allows it any connection.
 */
export function volumeHelper(props: VolumeHelperProps): unknown {
  const { settings, store, node, writable } = props;
  const name = helperPodName(store);
  const { metadata, spec } = podTemplate({
    name,
    image: { ...helperImage(settings), uid: images[store].uid },
    // It has to run where the pod of the store can.
    platform: withoutSpread(withPlacement(settings, settings[store])),
    resources: { cpu: '50m', memory: Size.mebibytes(32), memoryLimit: Size.mebibytes(256) },
    ports: [],
    args: [],
    env: [],
    configDirectories: [],
    emptyDirs: [],
    dataMountPath: helperMountPath,
    terminationGracePeriodSeconds: 1,
    labels: { ...selectorLabels(name), ...commonLabels },
    annotations: {},
  });
  const pod = new k8s.KubePod(new Chart(new App(), 'helper'), 'pod', {
    metadata: { ...metadata, name, namespace: settings.namespace },
    spec: {
      ...spec,
      containers: spec.containers.map((container) => ({
        ...container,
        image: imageReference(helperImage(settings), settings),
        command: ['sleep', String(deadlineSeconds)],
        volumeMounts: [{ name: dataVolume, mountPath: helperMountPath, readOnly: !writable }],
      })),
      volumes: [{ name: dataVolume, persistentVolumeClaim: { claimName: volumeClaimName(store) } }],
      restartPolicy: 'Never',
      // In case the command ends before it deletes the pod.
      activeDeadlineSeconds: deadlineSeconds,
      affinity: node === undefined ? keepNodeAffinity(spec.affinity) : requireNode(node),
    },
  });
  return pod.toJson();
}

const deadlineSeconds = 6 * 3600;

/** Affinity to other pods is that of the store, not of a pod beside it. */
function keepNodeAffinity({ nodeAffinity }: k8s.Affinity = {}): k8s.Affinity | undefined {
  return nodeAffinity && { nodeAffinity };
}

/**
 * By affinity, not nodeName, so that the scheduler still checks that the volume is available on the
 * node.
 */
function requireNode(node: string): k8s.Affinity {
  const field = { key: 'metadata.name', operator: 'In', values: [node] };
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchFields: [field] }],
      },
    },
  };
}
