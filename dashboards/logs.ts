import { dashboardUids } from '../lib/model/uids.ts';
import { attributes } from '../lib/telemetry/app.ts';
import { serviceLabels } from '../lib/telemetry/identity.ts';
import { logFields } from '../lib/telemetry/logs.ts';
import { label } from '../lib/telemetry/metric.ts';
import { changeAnnotations } from './panels/annotations.ts';
import { levelColors } from './panels/colors.ts';
import { dashboard } from './panels/dashboard.ts';
import { toDashboard } from './panels/links.ts';
import { barGauge, logs, perSecond, timeseries } from './panels/panels.ts';
import { logql, logqlInstant } from './panels/queries.ts';
import { selectedErrorLogs, selectedLogs } from './panels/red.ts';
import {
  customVariable,
  fromService,
  serviceLegend,
  serviceVariables,
} from './panels/variables.ts';

const byService = serviceLabels('service_name');
const legend = serviceLegend('service_name');
const route = label(attributes.httpRoute);
const errorType = label(attributes.errorType);
const { detectedLevel } = logFields;

/** Log lines per second, by some labels. */
const rateBy = (lines: string, ...by: readonly string[]) =>
  `sum by (${by.join(', ')}) (rate(${lines} [$__auto]))`;
/** The ten groups with the most log lines in the time range of the dashboard. */
const top = (lines: string, ...by: readonly string[]) =>
  `topk(10, sum by (${by.join(', ')}) (count_over_time(${lines} [$__range])))`;
/** The first line of each error, with `<_>` for ids and numbers, as the label `message`. */
const errorMessages = `${selectedErrorLogs} | label_format message=\`{{ regexReplaceAll "[0-9a-fA-F]{8,}(-[0-9a-fA-F]{4,})*|[0-9]+" (regexReplaceAll "(?s)\\n.*" __line__ "") "<_>" | trunc 120 }}\``;
/** A bar named by these labels. */
const named = (...labels: readonly string[]) =>
  labels.map((name) => `\${__data.fields.${name}}`).join(' ');

/** Log volume, errors, and log lines. */
export const logsDashboard = dashboard({
  filename: import.meta.filename,
  uid: dashboardUids.logs,
  title: 'Logs',
  description: 'Log volume, errors by type, message and endpoint, and log lines.',
  variables: [...serviceVariables, customVariable('before', 'Compare with', ['1h', '1d', '7d'])],
  annotations: changeAnnotations,
  rows: [
    {
      title: 'Volume',
      panels: [
        timeseries({
          title: 'Lines by level',
          description: 'Lines per second by level.',
          unit: perSecond('lines'),
          width: 24,
          height: 7,
          stacked: true,
          colors: levelColors,
          queries: [logql(rateBy(selectedLogs, detectedLevel), `{{${detectedLevel}}}`)],
        }),
        timeseries({
          title: 'Lines by service',
          description:
            'Lines per second. Look for services that stop logging or log much more than usual.',
          unit: perSecond('lines'),
          width: 12,
          links: [toDashboard('Only this service', 'logs', fromService('service_name'))],
          queries: [logql(rateBy(selectedLogs, ...byService), legend)],
        }),
        timeseries({
          title: 'Lines by endpoint',
          description: 'Lines per second that belong to an HTTP request.',
          unit: perSecond('lines'),
          width: 12,
          links: [toDashboard('Only this endpoint', 'logs', { endpoint: route })],
          queries: [logql(rateBy(`${selectedLogs} | ${route}!=""`, route), `{{${route}}}`)],
        }),
      ],
    },
    {
      title: 'Errors',
      panels: [
        timeseries({
          title: 'Errors now and before',
          description:
            'Error lines within five minutes, compared with the same time in the past (select how long ago above).',
          width: 24,
          height: 7,
          decimals: 0,
          colors: { now: 'red', before: 'gray' },
          queries: [
            logql(`sum(count_over_time(${selectedErrorLogs} [5m])) or vector(0)`, 'now'),
            logql(`sum(count_over_time(${selectedErrorLogs} [5m] offset $before))`, 'before'),
          ],
        }),
        barGauge({
          title: 'Errors by type',
          description: 'The most frequent error types, with their service.',
          width: 12,
          color: 'red',
          decimals: 0,
          empty: 'No error with a type in this time range',
          rowName: `${named(errorType)} in ${named('service_name')}`,
          queries: [
            logqlInstant(top(`${selectedErrorLogs} | ${errorType}!=""`, errorType, ...byService)),
          ],
        }),
        barGauge({
          title: 'Errors by endpoint',
          description: 'The endpoints with the most error lines.',
          width: 12,
          color: 'red',
          decimals: 0,
          empty: 'No error line of a request in this time range',
          rowName: `${named(route)} in ${named('service_name')}`,
          queries: [logqlInstant(top(`${selectedErrorLogs} | ${route}!=""`, route, ...byService))],
        }),
        barGauge({
          title: 'Error messages',
          description:
            'The most frequent first lines of errors. Lines that differ only in ids and numbers are counted together.',
          width: 24,
          color: 'red',
          decimals: 0,
          empty: 'No error in this time range',
          rowName: named('message'),
          queries: [logqlInstant(top(errorMessages, 'message'))],
        }),
      ],
    },
    {
      title: 'Log lines',
      panels: [
        logs({
          title: 'Error lines',
          description:
            'Newest lines of level error and above. Expand one for the link to its trace.',
          width: 24,
          source: 'service_name',
          empty: 'No error in this time range',
          queries: [logql(selectedErrorLogs)],
        }),
        logs({
          title: 'All lines',
          description:
            'Newest lines of the selected services and endpoints; “Live” in Explore tails them. Expand one for the link to its trace.',
          width: 24,
          source: 'service_name',
          queries: [logql(selectedLogs)],
        }),
      ],
    },
  ],
});
