import { attributes } from './app.ts';
import { label } from './metric.ts';

/**
 * Resource attributes that tell apart services of one name: two of them in two environments, service
 * namespaces or Kubernetes namespaces are two services. Rules, alerts, inhibition, panels and links
 * derive from this list. A missing attribute is an empty label.
 */
export const identityAttributes = [
  attributes.serviceNamespace,
  attributes.deploymentEnvironmentName,
  attributes.k8sNamespaceName,
] as const;

/** Their labels, the same in span metrics, OTLP metrics and log streams. */
export const identityLabels: readonly string[] = identityAttributes.map(label);

/** The label of metrics, logs or span metrics with the name of a service. */
export type ServiceLabel = 'service' | 'service_name';

/** The labels that identify a service, to group by or to match on. */
export function serviceLabels(name: ServiceLabel): string[] {
  return [name, ...identityLabels];
}
