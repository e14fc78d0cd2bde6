import type { VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import { attributes } from '../../lib/telemetry/app.ts';
import { kubeMetrics } from '../../lib/telemetry/cluster.ts';
import { label } from '../../lib/telemetry/metric.ts';
import { spanMetrics } from '../../lib/telemetry/span-metrics.ts';
import { datasource } from './queries.ts';
import type { Plain } from './sdk-types.ts';

export type Variable = Plain<VariableModel>;

interface Choice {
  readonly name: string;
  readonly title: string;
  /** The label whose values there are to choose from. */
  readonly of: string;
  /** Only of these series. */
  readonly among?: string;
  /** Which series. @default - the span metrics */
  readonly metric?: string;
  /** What "All" stands for: `.+` needs the label, `.*` takes series without it too. */
  readonly all: '.+' | '.*';
}

/** A choice among the values of a label; all of them at first. */
function choice({ name, title, of, among = '', metric, all }: Choice): Variable {
  const query = `label_values(${metric ?? spanMetrics.calls}{${among}}, ${of})`;
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
    allValue: all,
    current: { selected: true, text: ['All'], value: ['$__all'] },
  };
}

const { service } = spanMetrics;
const [route, answer, environmentLabel] = [
  label(attributes.httpRoute),
  label(attributes.httpResponseStatusCode),
  label(attributes.deploymentEnvironmentName),
];

const environment = choice({
  name: 'environment',
  title: 'Environment',
  of: environmentLabel,
  all: '.*',
});

const services = choice({
  name: 'service',
  title: 'Service',
  of: service,
  among: `${environmentLabel}=~"$environment"`,
  all: '.+',
});

const endpoint = choice({
  name: 'endpoint',
  title: 'Endpoint',
  of: route,
  among: `${service}=~"$service", ${route}!=""`,
  all: '.*',
});

const statusCode = choice({
  name: 'status_code',
  title: 'Status',
  of: answer,
  among: `${service}=~"$service", ${answer}!=""`,
  all: '.*',
});

/** A box to type into. */
function text(name: string, title: string, value = ''): Variable {
  return { type: 'textbox', name, label: title, query: value, current: { text: value, value } };
}

/** One of a few values that do not come from data. */
export function custom(name: string, title: string, values: readonly string[]): Variable {
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

/** What every dashboard about services can be narrowed down by; links keep it. */
export const serviceVariables: readonly Variable[] = [
  environment,
  services,
  endpoint,
  statusCode,
  text('filter', 'Log text'),
];

/** What the dashboard about the cluster can be narrowed down by. */
export const podVariables: readonly Variable[] = [
  choice({
    name: 'namespace',
    title: 'Namespace',
    metric: kubeMetrics.podInfo,
    of: 'namespace',
    all: '.*',
  }),
  choice({
    name: 'pod',
    title: 'Pod',
    metric: kubeMetrics.podInfo,
    of: 'pod',
    among: 'namespace=~"$namespace"',
    all: '.*',
  }),
  text('filter', 'Log text'),
];
