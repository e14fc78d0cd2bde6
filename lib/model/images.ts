/** One container image: where it comes from, which release, and the numeric user it is made for. */
export interface Image {
  readonly name: string;
  readonly tag: string;
  /** The image's own user; given as a number because the kubelet cannot check a name. */
  readonly uid: number;
  /** Its whole name, where a user has put it somewhere else. */
  readonly override?: string;
}

/** Every image that Mantis runs, once. A version bump is a change here and nowhere else. */
export const images = {
  collector: { name: 'otel/opentelemetry-collector-contrib', tag: '0.160.0', uid: 10001 },
  prometheus: { name: 'prom/prometheus', tag: 'v3.16.0', uid: 65534 },
  alertmanager: { name: 'prom/alertmanager', tag: 'v0.34.2', uid: 65534 },
  loki: { name: 'grafana/loki', tag: '3.7.8', uid: 10001 },
  tempo: { name: 'grafana/tempo', tag: '3.0.3', uid: 10001 },
  grafana: { name: 'grafana/grafana', tag: '13.2.3', uid: 472 },
  /**
   * Built from test-app/Dockerfile, never pulled: under `localhost` no stranger can publish an image
   * that a cluster would then run. Its tag follows test-app/package.json.
   */
  testApp: { name: 'localhost/mantis/test-app', tag: '0.1.0', uid: 1000 },
  /** For the cluster view alone, which is off by default. */
  kubeStateMetrics: {
    name: 'registry.k8s.io/kube-state-metrics/kube-state-metrics',
    tag: 'v2.20.0',
    uid: 65534,
  },
  /** For `make load` alone. */
  k6: { name: 'grafana/k6', tag: '2.3.0', uid: 12345 },
  /** For `make doctor INSIDE=1` alone; the test app is built on it too. */
  node: { name: 'node', tag: '24-bookworm-slim', uid: 1000 },
} as const satisfies Record<string, Image>;

/** The settings that say where images come from. */
export interface ImageSource {
  readonly imagePrefix?: string;
  /** The digest of each image, by `name:tag`. */
  readonly imageDigests: Readonly<Partial<Record<string, string>>>;
}

export type ImageName = keyof typeof images;

/** Images that no manifest of the stack uses: a command brings them in when it needs them. */
export const onDemand: readonly ImageName[] = ['k6', 'node'];

/** Images that this repository builds; all others come from a registry. */
export const builtHere: readonly ImageName[] = ['testApp'];

/** The test app's image, wherever these settings have it. */
export function appImage({ image }: { readonly image?: string }): Image {
  return image === undefined ? images.testApp : { ...images.testApp, override: image };
}

/** How `./mantis images` and the setting imageDigests call an image: a digest is one release's. */
export function releaseOf({ name, tag }: Image): string {
  return `${name}:${tag}`;
}

/** Which of them come from a registry, where each has a digest. */
export const pulled: readonly string[] = Object.entries(images)
  .filter(([name]) => !builtHere.includes(name as ImageName))
  .map(([, image]) => releaseOf(image));

/** What a manifest says in `image:`, under these settings. */
export function imageReference(image: Image, { imagePrefix, imageDigests }: ImageSource): string {
  if (image.override !== undefined) return image.override;
  const release = releaseOf(image);
  const digest = imageDigests[release];
  const pinned = digest === undefined ? release : `${release}@${digest}`;
  return imagePrefix === undefined ? pinned : `${imagePrefix}/${pinned}`;
}
