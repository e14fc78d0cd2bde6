import { dashboardUids } from '../lib/model/uids.ts';
import { attributes } from '../lib/telemetry/app.ts';
import { serviceLabels } from '../lib/telemetry/identity.ts';
import { logFields } from '../lib/telemetry/logs.ts';
import { label } from '../lib/telemetry/metric.ts';
import { changeAnnotations } from './panels/annotations.ts';
import { dashboard } from './panels/dashboard.ts';
import { toDashboard } from './panels/links.ts';
import { barGauge, logs, stat, timeseries } from './panels/panels.ts';
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

const levels = {
  debug: 'blue',
  info: 'green',
  warn: 'yellow',
  error: 'red',
  fatal: 'dark-red',
  unknown: 'gray',
};

/** Log lines per second, by some labels. */
const perSecond = (lines: string, ...by: readonly string[]) =>
  `sum by (${by.join(', ')}) (rate(${lines} [$__auto]))`;
/** The ten groups with the most log lines in the time range of the dashboard. */
const top = (lines: string, ...by: readonly string[]) =>
  `topk(10, sum by (${by.join(', ')}) (count_over_time(${lines} [$__range])))`;
/**
 * Error logs with the message of an access log line, `GET /api/x 500: <message>`, as the label
 * `reason`.
 */
const reasons = `${selectedErrorLogs} | pattern "<_> <_> <_>: <reason>" | reason!=""`;

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
          unit: 'cps',
          width: 16,
          stacked: true,
          colors: levels,
          queries: [logql(perSecond(selectedLogs, detectedLevel), `{{${detectedLevel}}}`)],
        }),
        stat({
          title: 'Lines per second',
          description: 'Lines per second of the selected services and endpoints.',
          unit: 'cps',
          width: 8,
          queries: [logql(`sum(rate(${selectedLogs} [$__auto]))`)],
        }),
        timeseries({
          title: 'Lines by service',
          description:
            'Lines per second. Look for services that stop logging or log much more than usual.',
          unit: 'cps',
          width: 12,
          links: [toDashboard('Only this service', 'logs', fromService('service_name'))],
          queries: [logql(perSecond(selectedLogs, ...byService), legend)],
        }),
        timeseries({
          title: 'Lines by endpoint',
          description: 'Lines per second that belong to an HTTP request.',
          unit: 'cps',
          width: 12,
          links: [toDashboard('Only this endpoint', 'logs', { endpoint: route })],
          queries: [logql(perSecond(`${selectedLogs} | ${route}!=""`, route), `{{${route}}}`)],
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
          width: 12,
          colors: { now: 'red', before: 'gray' },
          queries: [
            logql(`sum(count_over_time(${selectedErrorLogs} [5m]))`, 'now'),
            logql(`sum(count_over_time(${selectedErrorLogs} [5m] offset $before))`, 'before'),
          ],
        }),
        barGauge({
          title: 'Errors by type',
          description: 'The most frequent error types, with their service.',
          width: 12,
          queries: [
            logqlInstant(
              top(`${selectedErrorLogs} | ${errorType}!=""`, errorType, ...byService),
              `{{${errorType}}} in ${legend}`,
            ),
          ],
        }),
        barGauge({
          title: 'Error messages',
          description: 'Error lines of requests grouped by message, without paths and ids.',
          width: 12,
          queries: [logqlInstant(top(reasons, 'reason'), '{{reason}}')],
        }),
        barGauge({
          title: 'Errors by endpoint',
          description: 'The endpoints with the most error lines.',
          width: 12,
          queries: [
            logqlInstant(top(selectedErrorLogs, route, ...byService), `{{${route}}} in ${legend}`),
          ],
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
          queries: [logql(selectedErrorLogs)],
        }),
        logs({
          title: 'All lines',
          description:
            'Newest lines of the selected services and endpoints; “Live” in Explore tails them. Expand one for the link to its trace.',
          width: 24,
          queries: [logql(selectedLogs)],
        }),
      ],
    },
  ],
});
