import { dashboardUids } from '../lib/model/dashboard-uids.ts';
import { attributes } from '../lib/telemetry/app.ts';
import { logFields } from '../lib/telemetry/logs.ts';
import { label } from '../lib/telemetry/metric.ts';
import { whatChanged } from './panels/annotations.ts';
import { dashboard } from './panels/dashboard.ts';
import { toDashboard } from './panels/links.ts';
import { barGauge, logs, stat, timeseries } from './panels/panels.ts';
import { logql, logqlNow } from './panels/queries.ts';
import { chosenLogs, errorLogs } from './panels/red.ts';
import { custom, serviceVariables } from './panels/variables.ts';

const service = label(attributes.serviceName);
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

/** Lines per second, by some labels. */
const perSecond = (lines: string, ...by: readonly string[]) =>
  `sum by (${by.join(', ')}) (rate(${lines} [$__auto]))`;
/** Lines in the whole time on display, the largest groups of them. */
const top = (lines: string, ...by: readonly string[]) =>
  `topk(10, sum by (${by.join(', ')}) (count_over_time(${lines} [$__range])))`;
/** The part of an access line that says why: `GET /api/x 500: why`. */
const reasons = `${errorLogs} | pattern "<_> <_> <_>: <reason>" | reason!=""`;

/** What the services wrote, from how much of it down to the single line. */
export const logsDashboard = dashboard({
  uid: dashboardUids.logs,
  title: 'Logs',
  description: 'Volume, errors and their reasons, then the lines themselves.',
  variables: [...serviceVariables, custom('before', 'Compare with', ['1h', '1d', '7d'])],
  annotations: whatChanged,
  rows: [
    {
      title: 'How much',
      panels: [
        timeseries({
          title: 'Lines by level',
          description: 'Lines per second. Red that grows is the reason why you are here.',
          unit: 'cps',
          width: 16,
          stacked: true,
          colors: levels,
          queries: [logql(perSecond(chosenLogs, detectedLevel), `{{${detectedLevel}}}`)],
        }),
        stat({
          title: 'Lines per second',
          description: 'Of everything that is chosen above.',
          unit: 'cps',
          width: 8,
          queries: [logql(`sum(rate(${chosenLogs} [$__auto]))`)],
        }),
        timeseries({
          title: 'Lines by service',
          description: 'Lines per second. A service that falls silent or shouts stands out.',
          unit: 'cps',
          width: 12,
          links: [toDashboard('Only this service', 'logs', { service })],
          queries: [logql(perSecond(chosenLogs, service), `{{${service}}}`)],
        }),
        timeseries({
          title: 'Lines by endpoint',
          description: 'Lines per second that belong to a request.',
          unit: 'cps',
          width: 12,
          links: [toDashboard('Only this endpoint', 'logs', { endpoint: route })],
          queries: [logql(perSecond(`${chosenLogs} | ${route}!=""`, route), `{{${route}}}`)],
        }),
      ],
    },
    {
      title: 'What fails',
      panels: [
        timeseries({
          title: 'Errors now and before',
          description:
            'Error lines in five minutes, against the same time before (choose how long above). Only what differs is news.',
          width: 12,
          colors: { now: 'red', before: 'gray' },
          queries: [
            logql(`sum(count_over_time(${errorLogs} [5m]))`, 'now'),
            logql(`sum(count_over_time(${errorLogs} [5m] offset $before))`, 'before'),
          ],
        }),
        barGauge({
          title: 'Errors by type',
          description: 'The kinds of errors that occurred most often, with the service.',
          width: 12,
          queries: [
            logqlNow(
              top(`${errorLogs} | ${errorType}!=""`, errorType, service),
              `{{${errorType}}} in {{${service}}}`,
            ),
          ],
        }),
        barGauge({
          title: 'Reasons',
          description: 'Error lines grouped by what they say, without paths and ids.',
          width: 12,
          queries: [logqlNow(top(reasons, 'reason'), '{{reason}}')],
        }),
        barGauge({
          title: 'Errors by endpoint',
          description: 'Where errors occur most often.',
          width: 12,
          queries: [logqlNow(top(errorLogs, route, service), `{{${route}}} in {{${service}}}`)],
        }),
      ],
    },
    {
      title: 'The lines',
      panels: [
        logs({
          title: 'Errors',
          description: 'Newest lines of level error and above. Open one to follow its trace.',
          width: 24,
          queries: [logql(errorLogs)],
        }),
        logs({
          title: 'All lines',
          description:
            'Newest lines of what is chosen; “Live” in Explore tails them. Open one to follow its trace.',
          width: 24,
          queries: [logql(chosenLogs)],
        }),
      ],
    },
  ],
});
