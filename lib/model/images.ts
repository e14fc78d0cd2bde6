import { version } from './version.ts';

/** A container image: repository, tag and the numeric user that it runs as. */
export interface Image {
  readonly name: string;
  readonly tag: string;
  /**
   * The image's own user, as a number: the kubelet cannot check a user name against runAsNonRoot.
   */
  readonly uid: number;
  /** Full reference that a user set instead. @default - `name:tag` */
  readonly override?: string;
}

/** Every image that Mantis runs. A version is bumped here and nowhere else. */
export const images = {
  collector: { name: 'otel/opentelemetry-collector-contrib', tag: '0.165.1', uid: 10001 },
  prometheus: { name: 'prom/prometheus', tag: 'v3.16.0', uid: 65534 },
  alertmanager: { name: 'prom/alertmanager', tag: 'v0.34.2', uid: 65534 },
  loki: { name: 'grafana/loki', tag: '3.7.8', uid: 10001 },
  tempo: { name: 'grafana/tempo', tag: '3.0.3', uid: 10001 },
  grafana: { name: 'grafana/grafana', tag: '13.2.3', uid: 472 },
  /**
   * Built from test-app/Dockerfile, never pulled: nobody else can publish an image under
   * `localhost` that a cluster would then run.
   */
  testApp: { name: 'localhost/mantis/test-app', tag: version, uid: 1000 },
  /** Only for the cluster view, which is off by default. */
  kubeStateMetrics: {
    name: 'registry.k8s.io/kube-state-metrics/kube-state-metrics',
    tag: 'v2.20.0',
    uid: 65534,
  },
  /** Only for `make load`. */
  k6: { name: 'grafana/k6', tag: '2.3.0', uid: 12345 },
  /** Checks the collector's queue files; also for `make doctor INSIDE=1`, and the base of the test app's image. */
  node: { name: 'node', tag: '24-bookworm-slim', uid: 1000 },
} as const satisfies Record<string, Image>;

/** The settings that say where images come from. */
export interface ImageSource {
  readonly imagePrefix?: string;
  /** The digest of each image, by `name:tag`. */
  readonly imageDigests: Readonly<Partial<Record<string, string>>>;
}

export type ImageName = keyof typeof images;

/** Images that this repository builds; all others come from a registry. */
export const locallyBuiltImages: readonly ImageName[] = ['testApp'];

/** The test app's image: the one that the settings name, or the locally built one. */
export function testAppImage({ image }: { readonly image?: string }): Image {
  return image === undefined ? images.testApp : { ...images.testApp, override: image };
}

/** `name:tag`, by which `./mantis images` and the setting imageDigests identify an image. */
export function taggedName({ name, tag }: Image): string {
  return `${name}:${tag}`;
}

/** `name:tag` of every image that comes from a registry and so has a digest. */
export const registryImages: readonly string[] = Object.entries(images)
  .filter(([name]) => !locallyBuiltImages.includes(name as ImageName))
  .map(([, image]) => taggedName(image));

/** The value of a container's `image` field under these settings. */
export function imageReference(image: Image, { imagePrefix, imageDigests }: ImageSource): string {
  if (image.override !== undefined) return image.override;
  const tagged = taggedName(image);
  const digest = imageDigests[tagged];
  const pinned = digest === undefined ? tagged : `${tagged}@${digest}`;
  return imagePrefix === undefined ? pinned : `${imagePrefix}/${pinned}`;
}
