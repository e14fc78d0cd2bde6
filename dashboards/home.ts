import { dashboardUids } from '../lib/model/uids.ts';
import { serviceLabels } from '../lib/telemetry/identity.ts';
import { spanMetrics } from '../lib/telemetry/span-metrics.ts';
import { accepted } from './collector.ts';
import { firingAlerts } from './panels/annotations.ts';
import { dashboard } from './panels/dashboard.ts';
import { type DataLink, dashboardTag } from './panels/links.ts';
import { perSecond, stat } from './panels/panels.ts';
import { promql, promqlInstant, promqlTable } from './panels/queries.ts';
import { failureRatio, percentile, rate } from './panels/red.ts';
import { table } from './panels/tables.ts';
import { dashboardList, text } from './panels/text.ts';
import { identityVariables } from './panels/variables.ts';
import { componentsPanel } from './stack.ts';

const { service, spanKind, server, calls, latencyBucket } = spanMetrics;
const byService = serviceLabels('service');
const requests = `${spanKind}="${server}"`;
const perService = rate(calls, requests, ...byService);

const openService: DataLink = {
  title: 'Open this service',
  url: `/d/${dashboardUids.unified}?var-service=\${__value.raw}&\${__url_time_range}`,
  targetBlank: false,
};
const openAlerts: DataLink = { title: 'All alerts', url: '/alerting/list', targetBlank: false };

const welcome = `All telemetry enters as OTLP at the collector. A dot on a graph of latencies opens a trace, a trace
opens its log lines and its metrics, and a log line its trace.

- [Services](/d/${dashboardUids.unified}) · [Logs](/d/${dashboardUids.logs}) · [Traces](/d/${dashboardUids.traces}) · [Alerts](/alerting/list) · [Explore](/explore)
- To connect an app, point its SDK at the collector: \`./mantis onboard\` prints the settings.
- If something is missing, \`./mantis doctor\` follows telemetry through the stack and names the broken hop.`;

/** What people see first: whether all is well, which services there are, and where to go. */
export const homeDashboard = dashboard({
  filename: import.meta.filename,
  uid: dashboardUids.home,
  title: 'Home',
  description: 'The state of the stack and of all services, firing alerts, and the dashboards.',
  rows: [
    {
      title: 'Mantis',
      panels: [
        componentsPanel,
        stat({
          title: 'Alerts firing',
          description: 'How many alerts are firing. They are listed below.',
          decimals: 0,
          thresholds: [1, 5],
          width: 6,
          queries: [promqlInstant(`count(${firingAlerts}) or vector(0)`)],
        }),
        stat({
          title: 'Active services',
          description: 'Services that have served requests in the last minutes.',
          decimals: 0,
          width: 6,
          queries: [promql(`count(${perService}) or vector(0)`)],
        }),
        stat({
          title: 'Requests',
          description: 'Requests that all services served per second.',
          unit: 'reqps',
          width: 6,
          queries: [promql(`${rate(calls, requests)} or vector(0)`)],
        }),
        stat({
          title: 'Telemetry received',
          description:
            'Spans, metric points and log records that the collector accepts per second.',
          unit: perSecond('items'),
          width: 6,
          queries: [
            promql(
              Object.values(accepted)
                .map((metric) => `(${rate(metric)} or vector(0))`)
                .join(' + '),
            ),
          ],
        }),
        table({
          title: 'Services',
          description: 'Every service that serves requests. Click one to open it.',
          width: 16,
          height: 10,
          empty: 'No app has sent traces yet. Run ./mantis onboard to connect one.',
          columns: {
            [service]: { title: 'Service', links: [openService] },
            [identityVariables.namespace]: { title: 'Namespace' },
            [identityVariables.environment]: { title: 'Environment' },
            'Value #A': { title: 'Requests', unit: 'reqps' },
            'Value #B': { title: 'Errors', unit: 'percentunit', decimals: 1 },
            'Value #C': { title: 'P95', unit: 's' },
          },
          queries: [
            promqlTable(perService),
            promqlTable(failureRatio(requests, ...byService)),
            promqlTable(percentile(0.95, latencyBucket, requests, ...byService)),
          ],
        }),
        table({
          title: 'Firing alerts',
          description: 'Alerts that are firing now. Click one for all alerts.',
          width: 8,
          height: 10,
          empty: 'No alert is firing. With a red triangle above: Prometheus did not answer',
          columns: {
            alertname: { title: 'Alert', links: [openAlerts] },
            severity: { title: 'Severity' },
            service: { title: 'Service' },
          },
          queries: [promqlTable(firingAlerts)],
        }),
        dashboardList({ title: 'Dashboards', tag: dashboardTag, width: 16, height: 12 }),
        text({ title: 'Where to go', content: welcome, width: 8, height: 12 }),
      ],
    },
  ],
});
