import { dashboard } from '../../dashboards/panels/dashboard.ts';
import type { PanelProps, PanelSpec } from '../../dashboards/panels/panel.ts';
import { barGauge, stat, timeseries } from '../../dashboards/panels/panels.ts';
import {
  logqlInstant,
  promql,
  promqlInstant,
  promqlTable,
  type Query,
} from '../../dashboards/panels/queries.ts';
import { table } from '../../dashboards/panels/tables.ts';
import { openDashboard, withGrafana } from './browser.ts';
import { type Finding, findingsIn } from './findings.ts';
import { watchProblems } from './page-problems.ts';
import { reportPanels } from './panel-report.ts';
import { withSavedDashboard } from './temporary.ts';

const props = (title: string, query: Query, width = 12): PanelProps => ({
  ...{ title, width, queries: [query] },
  description: 'A panel of the browser tests.',
});
const linesByService =
  'topk(3, sum by (service_name) (count_over_time({service_name=~".+"} [30m])))';
const longTitle = 'The number of targets that Prometheus scrapes in all namespaces of the cluster';
const longName = 'a name that is so long that it fits neither a bar nor a legend '.repeat(3);

const longColumn = 'A title that is far too long for the head of one of several columns';
const columns = { job: { title: longColumn }, instance: { title: 'Instance' } };

/** A legend as a table cuts off long names; one as a list scrolls. */
const withLegendTable = (panel: PanelSpec): PanelSpec => ({
  ...panel,
  options: {
    legend: { displayMode: 'table', placement: 'bottom', showLegend: true, calcs: ['mean'] },
  },
});

/** A panel for each fault, and the finding that it has to cause. */
const broken = [
  {
    panel: timeseries(props('Syntax error', promql('sum(up', 'up'))),
    finding: /^error: .*parse error/,
  },
  {
    panel: timeseries(props('Without data', promql('mantis_no_such_metric', 'none'))),
    finding: /^instead of data: No data$/,
  },
  {
    panel: stat(props('Value without data', promql('mantis_no_such_metric', 'none'))),
    finding: /^instead of data: No data$/,
  },
  {
    panel: timeseries(props('Not a counter', promql('sum(rate(go_goroutines[5m]))', 'rate'))),
    finding: /^notice: .*might not be a counter/,
  },
  {
    panel: barGauge(props('Bars without names', logqlInstant(linesByService))),
    finding: /^(no name|raw labels): /,
  },
  {
    panel: timeseries(props('Raw labels', promql('up'))),
    finding: /^raw labels: up\{.*\}$/,
  },
  {
    panel: stat(props(longTitle, promql('sum(up)', 'targets'), 3)),
    finding: /^cut off: The number of targets/,
  },
  {
    panel: barGauge(props('Long names of bars', promqlInstant('up', `${longName}{{job}}`))),
    finding: /^cut off: a name that/,
  },
  {
    panel: withLegendTable(
      timeseries(props('Long names in a legend', promql('up', `${longName}{{job}}`))),
    ),
    finding: /^cut off: a name that/,
  },
  {
    panel: table({ ...props('Long head of a column', promqlTable('up'), 6), columns }),
    finding: /^cut off: A title that/,
  },
];

const healthy = [
  timeseries(props('Healthy graph', promql('sum by (job) (up)', '{{job}}'))),
  stat(props('Healthy value', promql('sum(up)', 'targets'), 6)),
  barGauge(props('Healthy bars', promqlInstant('sum by (job) (up)', '{{job}}'))),
];

const brokenDashboard = dashboard({
  filename: import.meta.filename,
  uid: 'e2e-broken',
  title: 'Broken for the browser tests',
  description: 'Deleted at the end of the test.',
  rows: [{ title: 'Faults', panels: [...broken.map(({ panel }) => panel), ...healthy] }],
});

let findings: Finding[] = [];
beforeAll(() =>
  withGrafana(
    (grafana) =>
      withSavedDashboard(grafana, brokenDashboard, async () => {
        const { panels } = await openDashboard(grafana, brokenDashboard.uid);
        findings = findingsIn(await reportPanels(grafana.page, panels));
      }),
    { width: 1280 },
  ),
);

const whatOf = (title: string) =>
  findings.filter(({ panel }) => panel === title).map(({ what }) => what);

test.each(broken)('$panel.title is found', ({ panel, finding }) => {
  expect(whatOf(panel.title ?? '')).toContainEqual(expect.stringMatching(finding));
});

test.each(healthy)('$title has no finding', ({ title }) => {
  expect(whatOf(title ?? '')).toEqual([]);
});

test('errors of the page are found', () =>
  withGrafana(async ({ page }) => {
    const problems = watchProblems(page);
    await page.evaluate(async () => {
      console.error('a text in the console');
      setTimeout(() => {
        throw new Error('nobody catches this');
      });
      await fetch('/api/dashboards/uid/e2e-no-such-dashboard');
      await fetch('/api/datasources/uid/alertmanager/health');
    });
    await page.waitForTimeout(1_000);
    expect(problems.sort()).toEqual([
      'GET /api/dashboards/uid/e2e-no-such-dashboard answered 404',
      'console error: a text in the console',
      'uncaught exception: nobody catches this',
    ]);
  }));
