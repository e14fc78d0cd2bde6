/** The release that an image reference names, such as [3, 7, 8] of grafana/loki:3.7.8@sha256:…. */
export function releaseOf(reference: string): readonly number[] | undefined {
  const [, tag] = /:v?(\d+(?:\.\d+)*)[^/:]*$/.exec(reference.replace(/@.*/, '')) ?? [];
  return tag?.split('.').map(Number);
}

/**
 * Why data of one release should not be given to another; nothing if it may be. A newer minor
 * release reads what an older one wrote; none of the stores promises the way back, and a new major
 * release may have dropped a format (Tempo 3 reads no blocks older than vParquet4).
 */
export function incompatible(backup: string, cluster: string): string | undefined {
  const [from, to] = [releaseOf(backup), releaseOf(cluster)];
  if (from === undefined || to === undefined) {
    return backup === cluster ? undefined : `${backup} and ${cluster} cannot be compared`;
  }
  if (from[0] !== to[0]) return `made by ${backup}, another major release than ${cluster}`;
  return (to[1] ?? 0) < (from[1] ?? 0) ? `made by ${backup}, newer than ${cluster}` : undefined;
}
