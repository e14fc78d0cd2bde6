import { App, Chart, Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { dataVolume, podTemplate } from '../kubernetes/pod.ts';
import { claimOf } from '../kubernetes/workload.ts';
import { appImage, type Image, imageReference, images } from '../model/images.ts';
import { commonLabels, selectorLabels } from '../model/labels.ts';
import type { Platform } from '../settings/platform.ts';

/** A component whose volume can be saved. */
export type StoreName = 'prometheus' | 'loki' | 'tempo' | 'grafana' | 'alertmanager';

/** The settings that the helper's pod follows. */
export type VolumeHelperSettings = Platform & {
  readonly testApp: { readonly enabled: boolean; readonly image?: string };
};

export interface VolumeHelperProps {
  readonly settings: VolumeHelperSettings;
  readonly store: StoreName;
  /** Where the store's pod runs: a ReadWriteOnce volume is open to one node. @default - anywhere */
  readonly node?: string;
  /** Whether it may write. */
  readonly writable: boolean;
  /** An image with sh, tar, find, stat, awk and df. @default - one that the cluster runs already */
  readonly image?: string;
}

export const helperMount = '/data';

/** Also keeps two backups of one store from running at once: there can be one pod of a name. */
export function helperName(store: StoreName): string {
  return `backup-${store}`;
}

/**
 * What the helper runs. The stores' images have no shell; of what Mantis ships, the test app's
 * image has Debian's tools and Prometheus' has BusyBox's. Either is on the cluster's nodes already.
 */
function helperImage({ testApp }: VolumeHelperSettings): Image {
  return testApp.enabled ? appImage(testApp) : images.prometheus;
}

/**
 * A pod that mounts the volume of a store and waits to be told what to do there (`kubectl exec`).
 * It runs as the store's own user, is as restricted as every pod and is cut off from the network.
 */
export function volumeHelper(props: VolumeHelperProps): unknown {
  const { settings, store, node, writable } = props;
  const name = helperName(store);
  const { metadata, spec } = podTemplate({
    name,
    image: { ...helperImage(settings), uid: images[store].uid },
    platform: settings,
    resources: { cpu: '50m', memory: Size.mebibytes(32), memoryLimit: Size.mebibytes(256) },
    ports: [],
    args: [],
    env: [],
    config: [],
    scratch: [],
    dataPath: helperMount,
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
        image: props.image ?? imageReference(helperImage(settings), settings),
        command: ['sleep', String(deadlineSeconds)],
        volumeMounts: [{ name: dataVolume, mountPath: helperMount, readOnly: !writable }],
      })),
      volumes: [{ name: dataVolume, persistentVolumeClaim: { claimName: claimOf(store) } }],
      restartPolicy: 'Never',
      // Should nobody be left to delete it.
      activeDeadlineSeconds: deadlineSeconds,
      affinity: node === undefined ? undefined : onNode(node),
    },
  });
  return pod.toJson();
}

const deadlineSeconds = 6 * 3600;

/** By affinity, not nodeName: the scheduler still sees to it that the volume is there. */
function onNode(node: string): k8s.Affinity {
  const field = { key: 'metadata.name', operator: 'In', values: [node] };
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchFields: [field] }],
      },
    },
  };
}
