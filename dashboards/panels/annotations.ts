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

interface AnnotationProps {
  readonly color: string;
  readonly expr: string;
  readonly text: string;
  /** Whether values are times in milliseconds: one line each, and no region. @default false */
  readonly atValue?: boolean;
}

function annotation(name: string, props: AnnotationProps): Annotation {
  return {
    name,
    datasource: datasource('prometheus'),
    enable: true,
    iconColor: props.color,
    expr: props.expr,
    step: '30s',
    titleFormat: name,
    textFormat: props.text,
    useValueForTime: props.atValue ?? false,
  };
}

const version = label(attributes.serviceVersion);
const fault = label(shopAttributes.fault);
const process = `${serviceLabels('service_name').join(', ')}, ${version}, instance`;
const info = `${targetInfo}{${selectedServices}}`;
/** When the first metrics of each process arrived, for five minutes after that. */
const starts = `1000 * min by (${process}) (min_over_time(timestamp(${info})[5m:30s])) unless count by (${process}) (${info} offset 5m)`;
/** Firing alerts that notify someone. */
export const firingAlerts = `${stackMetrics.alerts}{alertstate="firing", severity!="none"}`;
/** When the condition of each firing alert was first true. */
const alerts = `1000 * ${stackMetrics.alertsForState} and ignoring (alertstate) ${firingAlerts}`;

/**
 * Annotations for started processes, as after a deployment or a crash, firing alerts, and active
 * faults: lines at the moment that something began, and regions for faults only, which are short.
 */
export const changeAnnotations: readonly Annotation[] = [
  annotation('Started', {
    color: 'blue',
    expr: starts,
    text: `${serviceLegend('service_name')} {{${version}}}`,
    atValue: true,
  }),
  annotation('Alert', {
    color: 'red',
    expr: alerts,
    text: `{{alertname}} ${serviceLegend('service')}`,
    atValue: true,
  }),
  annotation('Fault', {
    color: 'orange',
    expr: `max by (${fault}) (${prometheusName(appMetrics.faultActive)}) > 0`,
    text: `{{${fault}}}`,
  }),
];
