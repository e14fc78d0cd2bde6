import { dashboardUids } from '../lib/model/uids.ts';
import { attributes } from '../lib/telemetry/app.ts';
import { serviceLabels } from '../lib/telemetry/identity.ts';
import { logFields } from '../lib/telemetry/logs.ts';
import { label } from '../lib/telemetry/metric.ts';
import { changeAnnotations } from './panels/annotations.ts';
import { levelColors } from './panels/colors.ts';
import { dashboard } from './panels/dashboard.ts';
import { toDashboard } from './panels/links.ts';
import { errorLines, lineRate, lineRateByEndpoint, topErrorLines } from './panels/log-counts.ts';
import { barGauge, logs, perSecond, timeseries } from './panels/panels.ts';
import { logql, logqlInstant, promql, promqlInstant } from './panels/queries.ts';
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
          description:
            'Lines per second by level, whatever the log text. Lines that reach Loki more than ten seconds late, as after an outage, are only in the rows below.',
          unit: perSecond('lines'),
          width: 24,
          height: 7,
          stacked: true,
          colors: levelColors,
          queries: [promql(lineRate(detectedLevel), `{{${detectedLevel}}}`)],
        }),
        timeseries({
          title: 'Lines by service',
          description:
            'Lines per second. Look for services that stop logging or log much more than usual.',
          unit: perSecond('lines'),
          width: 12,
          links: [toDashboard('Only this service', 'logs', fromService('service_name'))],
          queries: [promql(lineRate(...byService), legend)],
        }),
        timeseries({
          title: 'Lines by endpoint',
          description: 'Lines per second that belong to an HTTP request.',
          unit: perSecond('lines'),
          width: 12,
          links: [toDashboard('Only this endpoint', 'logs', { endpoint: route })],
          queries: [promql(lineRateByEndpoint(), `{{${route}}}`)],
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
          queries: [promql(errorLines(), 'now'), promql(errorLines('$before'), 'before')],
        }),
        barGauge({
          title: 'Errors by type',
          description: 'The most frequent error types, with their service.',
          width: 12,
          color: 'red',
          decimals: 0,
          empty: 'No error with a type in this time range',
          queries: [
            promqlInstant(
              topErrorLines(errorType, ...byService),
              `{{${errorType}}} in {{service_name}}`,
            ),
          ],
        }),
        barGauge({
          title: 'Errors by endpoint',
          description: 'The endpoints with the most error lines.',
          width: 12,
          color: 'red',
          decimals: 0,
          empty: 'No error line of a request in this time range',
          queries: [
            promqlInstant(topErrorLines(route, ...byService), `{{${route}}} in {{service_name}}`),
          ],
        }),
        barGauge({
          title: 'Error messages',
          description:
            'The most frequent first lines of errors. Lines that differ only in ids and numbers are counted together.',
          width: 24,
          height: 13,
          color: 'red',
          decimals: 0,
          empty: 'No error in this time range',
          rowName: named('message'),
          queries: [
            logqlInstant(
              `sort_desc(topk(10, sum by (message) (count_over_time(${errorMessages} [$__range]))))`,
            ),
          ],
        }),
      ],
    },
    {
      title: 'Lines that contain the log text',
      collapsed: true,
      panels: [
        timeseries({
          title: 'Matching lines by level',
          description:
            'Lines per second that contain the log text, by level. Loki reads every line for it: with millions of lines select a service, or a shorter time range.',
          unit: perSecond('lines'),
          width: 24,
          height: 7,
          stacked: true,
          colors: levelColors,
          queries: [
            logql(
              `sum by (${detectedLevel}) (rate(${selectedLogs} [$__auto]))`,
              `{{${detectedLevel}}}`,
            ),
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
