import type { AnyServiceName } from './ports.ts';
import type { StackLocation } from './topology-settings.ts';

/**
 * The path below which a service serves everything, probes and metrics included: of Grafana that of its
 * URL, of the others none. Without a slash at its end.
 */
export function basePathOf(
  service: AnyServiceName,
  { grafana }: Pick<StackLocation, 'grafana'>,
): string {
  return service === 'grafana' ? pathOf(grafana.url) : '';
}

/** The path of a URL without a slash at its end; nothing if it has none. */
export function pathOf(url: string): string {
  return new URL(url).pathname.replace(/\/$/, '');
}
