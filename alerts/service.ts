import { identityVariables } from '../dashboards/panels/variables.ts';
import { attributes } from '../lib/telemetry/app.ts';
import { type ServiceLabel, serviceLabels } from '../lib/telemetry/identity.ts';
import { label } from '../lib/telemetry/metric.ts';

const [namespace, environment, k8sNamespace] = [
  label(attributes.serviceNamespace),
  label(attributes.deploymentEnvironmentName),
  label(attributes.k8sNamespaceName),
];

/** A part of a Prometheus template that is empty for an alert without the label. */
const optional = (labelName: string, before: string, after = '') =>
  `{{ with $labels.${labelName} }}${before}{{ . }}${after}{{ end }}`;

/**
 * A Prometheus template that names a service with what tells it apart from others of its name, such
 * as `team/cart in production (namespace carts)`.
 *
 * @param name the label with the name of the service
 */
export function serviceTitle(name: ServiceLabel): string {
  const qualified = `${optional(namespace, '', '/')}{{ $labels.${name} }}`;
  return `${qualified}${optional(environment, ' in ')}${optional(k8sNamespace, ' (namespace ', ')')}`;
}

/**
 * Query parameters that select the service of an alert in a dashboard, as a Prometheus template.
 *
 * @param name the label with the name of the service
 */
export function serviceParameters(name: ServiceLabel): string {
  const others = Object.entries(identityVariables).map(([variable, labelName]) =>
    optional(labelName, `&var-${variable}=`),
  );
  return `var-service={{ $labels.${name} }}${others.join('')}`;
}

/** The labels that identify a service, for `by (…)` and `on (…)`. */
export function service(name: ServiceLabel): string {
  return serviceLabels(name).join(', ');
}
