/** The release that an image reference names, such as [3, 7, 8] of grafana/loki:3.7.8@sha256:…. */
export function releaseOf(reference: string): readonly number[] | undefined {
  const [, tag] = /:v?(\d+(?:\.\d+)*)[^/:]*$/.exec(reference.replace(/@.*/, '')) ?? [];
  return tag?.split('.').map(Number);
}

/**
 * Why a release of a store may not read the data of another; undefined if it can. Each reads the data
 * of older minor releases; none promises to read those of newer ones, and a new major release may have
 * dropped a format (Tempo 3 reads no blocks older than vParquet4).
 */
export function incompatibilityReason(backup: string, cluster: string): string | undefined {
  const [from, to] = [releaseOf(backup), releaseOf(cluster)];
  if (from === undefined || to === undefined) {
    return backup === cluster ? undefined : `${backup} and ${cluster} cannot be compared`;
  }
  if (from[0] !== to[0]) return `made by ${backup}, another major release than ${cluster}`;
  return (to[1] ?? 0) < (from[1] ?? 0) ? `made by ${backup}, newer than ${cluster}` : undefined;
}
