import type { VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import { attributes } from '../../lib/telemetry/app.ts';
import { kubeMetrics } from '../../lib/telemetry/cluster.ts';
import { type ServiceLabel, serviceLabels } from '../../lib/telemetry/identity.ts';
import { label } from '../../lib/telemetry/metric.ts';
import { edgeLabels, spanMetrics } from '../../lib/telemetry/span-metrics.ts';
import { datasource } from './queries.ts';
import type { EnumsAsValues } from './sdk-types.ts';

export type Variable = EnumsAsValues<VariableModel>;

interface LabelVariable {
  readonly name: string;
  readonly title: string;
  /** The label whose values can be selected. */
  readonly labelName: string;
  /** Selector of the series. @default - all series of the metric */
  readonly selector?: string;
  /** The metric with the label. @default - the call counter of span metrics */
  readonly metric?: string;
  /** Value of "All": `.+` requires the label, `.*` also matches series without it. */
  readonly allValue: '.+' | '.*';
}

/** The value of "All" for labels that some series do not have. */
export const anyValue = '.*';

/** A variable with the values of a label; "All" by default. */
function labelVariable({
  name,
  title,
  labelName,
  selector = '',
  metric,
  allValue,
}: LabelVariable): Variable {
  const query = `label_values(${metric ?? spanMetrics.calls}{${selector}}, ${labelName})`;
  return {
    type: 'query',
    name,
    label: title,
    datasource: datasource('prometheus'),
    query: { query, refId: name },
    definition: query,
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue,
    current: { selected: true, text: ['All'], value: ['$__all'] },
  };
}

/**
 * The dashboard variables that select among services of one name, and their labels, which span
 * metrics, OTLP metrics and log streams all have.
 */
export const identityVariables = {
  environment: label(attributes.deploymentEnvironmentName),
  namespace: label(attributes.k8sNamespaceName),
  service_namespace: label(attributes.serviceNamespace),
} as const;

/** The dashboard variables of a service, and the labels of its series that set them. */
export function fromService(name: ServiceLabel): Readonly<Record<string, string>> {
  return { service: name, ...identityVariables };
}

/** A legend that names a service, its environment and its namespace. */
export function serviceLegend(name: ServiceLabel): string {
  return names(serviceLabels(name));
}

/** Without the service namespace, which most services share, so that legends stay short. */
const names = (labels: readonly string[]) =>
  labels
    .filter((name) => !name.endsWith(identityVariables.service_namespace))
    .map((name) => `{{${name}}}`)
    .join(' ');

/** A legend for an edge of the service graph. */
export const edgeLegend = `${names(edgeLabels.client)} → ${names(edgeLabels.server)}`;

/** PromQL and LogQL selector for these variables; "All" also matches series without the label. */
export const selectedIdentity = Object.entries(identityVariables)
  .map(([variable, labelName]) => `${labelName}=~"$${variable}"`)
  .join(', ');

const { service } = spanMetrics;
const [route, statusCodeLabel] = [
  label(attributes.httpRoute),
  label(attributes.httpResponseStatusCode),
];

const environment = labelVariable({
  name: 'environment',
  title: 'Environment',
  labelName: identityVariables.environment,
  allValue: '.*',
});

const namespace = labelVariable({
  name: 'namespace',
  title: 'Namespace',
  labelName: identityVariables.namespace,
  selector: `${identityVariables.environment}=~"$environment"`,
  allValue: anyValue,
});

const serviceNamespace = labelVariable({
  name: 'service_namespace',
  title: 'Service namespace',
  labelName: identityVariables.service_namespace,
  selector: `${identityVariables.environment}=~"$environment", ${identityVariables.namespace}=~"$namespace"`,
  allValue: anyValue,
});

const services = labelVariable({
  name: 'service',
  title: 'Service',
  labelName: service,
  selector: selectedIdentity,
  allValue: '.+',
});

const endpoint = labelVariable({
  name: 'endpoint',
  title: 'Endpoint',
  labelName: route,
  selector: `${service}=~"$service", ${route}!=""`,
  allValue: '.*',
});

const statusCode = labelVariable({
  name: 'status_code',
  title: 'Status',
  labelName: statusCodeLabel,
  selector: `${service}=~"$service", ${statusCodeLabel}!=""`,
  allValue: '.*',
});

/** A text box variable. */
function textVariable(name: string, title: string, value = ''): Variable {
  return { type: 'textbox', name, label: title, query: value, current: { text: value, value } };
}

/** A variable with fixed values; the first is the default. */
export function customVariable(name: string, title: string, values: readonly string[]): Variable {
  const [first = ''] = values;
  return {
    type: 'custom',
    name,
    label: title,
    query: values.join(','),
    multi: false,
    includeAll: false,
    current: { selected: true, text: first, value: first },
    options: values.map((value) => ({ selected: value === first, text: value, value })),
  };
}

/** The variables of every dashboard about services, which links between them keep. */
export const serviceVariables: readonly Variable[] = [
  environment,
  namespace,
  serviceNamespace,
  services,
  endpoint,
  statusCode,
  textVariable('filter', 'Log text'),
];

/** The variables of dashboards about pods. */
export const podVariables: readonly Variable[] = [
  labelVariable({
    name: 'namespace',
    title: 'Namespace',
    metric: kubeMetrics.podInfo,
    labelName: 'namespace',
    allValue: '.*',
  }),
  labelVariable({
    name: 'pod',
    title: 'Pod',
    metric: kubeMetrics.podInfo,
    labelName: 'pod',
    selector: 'namespace=~"$namespace"',
    allValue: '.*',
  }),
  textVariable('filter', 'Log text'),
];

/** The variables of dashboards about nodes. */
export const nodeVariables: readonly Variable[] = [
  labelVariable({
    name: 'node',
    title: 'Node',
    metric: kubeMetrics.nodeInfo,
    labelName: 'node',
    allValue: '.*',
  }),
];
