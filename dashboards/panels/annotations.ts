import type { AnnotationQuery } from '@grafana/grafana-foundation-sdk/dashboard';
import { appMetrics, attributes, shopAttributes } from '../../lib/telemetry/app.ts';
import { serviceLabels } from '../../lib/telemetry/identity.ts';
import { label, prometheusName } from '../../lib/telemetry/metric.ts';
import { targetInfo } from '../../lib/telemetry/span-metrics.ts';
import { stackMetrics } from '../../lib/telemetry/stack.ts';
import { datasource } from './queries.ts';
import { selectedServices } from './red.ts';
import type { EnumsAsValues } from './sdk-types.ts';
import { serviceLegend } from './variables.ts';

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

const version = label(attributes.serviceVersion);
const fault = label(shopAttributes.fault);
/** One series for each process. */
const instances = `count by (${serviceLabels('service_name').join(', ')}, ${version}, instance) (${targetInfo}{${selectedServices}})`;

/**
 * Annotations for started processes, as after a deployment or a crash, firing alerts, and active
 * faults.
 */
export const changeAnnotations: readonly Annotation[] = [
  annotation(
    'Started',
    'blue',
    `${instances} unless ${instances.replace('})', '} offset 2m)')}`,
    `${serviceLegend('service_name')} {{${version}}}`,
  ),
  annotation(
    'Alert',
    'red',
    `${stackMetrics.alerts}{alertstate="firing", severity!="none"}`,
    `{{alertname}} ${serviceLegend('service')}`,
  ),
  annotation(
    'Fault',
    'orange',
    `max by (${fault}) (${prometheusName(appMetrics.faultActive)}) > 0`,
    `{{${fault}}}`,
  ),
];
