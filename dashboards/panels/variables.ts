import type { VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import { attributes } from '../../lib/telemetry/app.ts';
import { kubeMetrics } from '../../lib/telemetry/cluster.ts';
import { label } from '../../lib/telemetry/metric.ts';
import { spanMetrics } from '../../lib/telemetry/span-metrics.ts';
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

const { service } = spanMetrics;
const [route, statusCodeLabel, environmentLabel, namespaceLabel] = [
  label(attributes.httpRoute),
  label(attributes.httpResponseStatusCode),
  label(attributes.deploymentEnvironmentName),
  label(attributes.k8sNamespaceName),
];

const environment = labelVariable({
  name: 'environment',
  title: 'Environment',
  labelName: environmentLabel,
  allValue: '.*',
});

/** The value of "All" of the variable namespace. */
export const allNamespaces = '.*';

const namespace = labelVariable({
  name: 'namespace',
  title: 'Namespace',
  labelName: namespaceLabel,
  selector: `${environmentLabel}=~"$environment"`,
  allValue: allNamespaces,
});

const services = labelVariable({
  name: 'service',
  title: 'Service',
  labelName: service,
  selector: `${environmentLabel}=~"$environment", ${namespaceLabel}=~"$namespace"`,
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
  services,
  endpoint,
  statusCode,
  textVariable('filter', 'Log text'),
];

/** The variables of the cluster dashboard. */
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
