import type { AnnotationQuery } from '@grafana/grafana-foundation-sdk/dashboard';
import { appMetrics, attributes, shopAttributes } from '../../lib/telemetry/app.ts';
import { label, prometheusName } from '../../lib/telemetry/metric.ts';
import { targetInfo } from '../../lib/telemetry/span-metrics.ts';
import { stackMetrics } from '../../lib/telemetry/stack.ts';
import { datasource } from './queries.ts';
import type { EnumsAsValues } from './sdk-types.ts';

type Annotation = EnumsAsValues<AnnotationQuery>;

function annotation(name: string, iconColor: string, expr: string, text: string): Annotation {
  return {
    name,
    datasource: datasource('prometheus'),
    enable: true,
    iconColor,
    expr,
    step: '30s',
    titleFormat: name,
    textFormat: text,
    useValueForTime: false,
  };
}

const service = label(attributes.serviceName);
const version = label(attributes.serviceVersion);
const fault = label(shopAttributes.fault);
/** One series for each process. */
const instances = `count by (${service}, ${version}, instance) (${targetInfo}{${service}=~"$service"})`;

/**
 * Annotations for started processes, as after a deployment or a crash, firing alerts, and active
 * faults.
 */
export const changeAnnotations: readonly Annotation[] = [
  annotation(
    'Started',
    'blue',
    `${instances} unless ${instances.replace('})', '} offset 2m)')}`,
    `{{${service}}} {{${version}}}`,
  ),
  annotation(
    'Alert',
    'red',
    `${stackMetrics.alerts}{alertstate="firing", severity!="none"}`,
    '{{alertname}} {{service}}',
  ),
  annotation(
    'Fault',
    'orange',
    `max by (${fault}) (${prometheusName(appMetrics.faultActive)}) > 0`,
    `{{${fault}}}`,
  ),
];
