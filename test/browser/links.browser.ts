import { panelSelector, testId, waitMs } from '../../bench/browser/grafana-page.ts';
import { deleteDashboard } from '../../bench/drill/dashboards.ts';
import { dashboardUids } from '../../lib/model/uids.ts';
import { sendPanelData } from '../e2e/panel-data.ts';
import { openDashboard, withGrafana } from './browser.ts';
import {
  click,
  followDataLink,
  followExemplar,
  followLogLink,
  followSpanLink,
  panelOf,
  parametersOf,
  see,
  seeDashboard,
  seeGraph,
  seeLogLine,
  seeTrace,
} from './follow.ts';

const shop = 'var-service=shop&from=now-1h&to=now&refresh=';

beforeAll(sendPanelData);

test('an exemplar leads to its trace, that to its log lines', () =>
  withGrafana(async (grafana) => {
    await openDashboard(grafana, dashboardUids.unified, shop);
    const trace = await seeTrace(
      await followExemplar(grafana.page, panelOf(grafana.page, 'Latency'), 'View trace'),
    );
    await seeLogLine(await followSpanLink(trace, 'Logs for this span'));
  }));

test('a row of a table of traces leads to the trace, that to the metrics of a span', () =>
  withGrafana(async (grafana) => {
    await openDashboard(grafana, dashboardUids.traces, shop);
    const table = panelOf(grafana.page, 'Traces across services');
    const link = table.locator('[role="gridcell"] a').first();
    await see(link, 'a link in the table of traces');
    const trace = await seeTrace(await click(grafana.page, link));
    await seeGraph(await followSpanLink(trace, 'Request rate'));
  }));

test('a log line leads to its trace', () =>
  withGrafana(async (grafana) => {
    await openDashboard(grafana, dashboardUids.logs, shop);
    await seeTrace(
      await followLogLink(grafana.page, panelOf(grafana.page, 'All lines'), 'View trace'),
    );
  }));

test('a line of a graph leads to the logs of its service, in the same time range', () =>
  withGrafana(async (grafana) => {
    await openDashboard(grafana, dashboardUids.unified, shop);
    const page = await followDataLink(
      grafana.page,
      panelOf(grafana.page, 'Requests by service'),
      'Log lines of this service',
    );
    await seeDashboard(page, dashboardUids.logs);
    expect(parametersOf(page).getAll('var-service')).toEqual(['shop']);
    expect(parametersOf(page).get('from')).toBe('now-1h');
  }));

test('the menu of dashboards keeps the service and the time range', () =>
  withGrafana(async (grafana) => {
    const { page } = grafana;
    await openDashboard(grafana, dashboardUids.unified, shop);
    await page.locator(testId('Dashboard link dropdown')).click();
    await page.locator(testId('Dashboard link')).filter({ hasText: 'Application Metrics' }).click();
    await seeDashboard(page, dashboardUids.application);
    expect(parametersOf(page).getAll('var-service')).toEqual(['shop']);
    expect(parametersOf(page).get('from')).toBe('now-1h');
  }));

test('an alert in the list of alert rules names its runbook and leads to its panel', () =>
  withGrafana(async ({ page, url }) => {
    await page.goto(`${url}/alerting/list?search=${encodeURIComponent('rule:Watchdog')}`);
    const group = page.locator(testId('group-collapse-toggle')).first();
    await see(group, 'the group with the alert Watchdog');
    await group.click();
    await page.locator(testId('collapse-toggle')).first().click();
    const details = page.locator(testId('expanded-content')).first();
    await see(details.getByText('runbooks/Watchdog').first(), 'the runbook of Watchdog');
    const panel = details.getByRole('link', { name: /\/d\/mantis-/ }).first();
    await see(panel, 'the link of Watchdog to its panel');
    const target = new URL((await panel.getAttribute('href')) ?? '', url);
    expect(target.searchParams.get('viewPanel')).toMatch(/^panel-\d+$/);
    // The link has Grafana's URL of the settings, which need not be that of the port-forward.
    await page.goto(new URL(`${target.pathname}${target.search}`, url).href);
    await see(page.locator(panelSelector).first(), 'the panel of Watchdog');
  }));

test('a copy of a dashboard can be saved', () =>
  withGrafana(async (grafana) => {
    const { page } = grafana;
    const title = `Copy of the browser tests ${Date.now()}`;
    await openDashboard(grafana, dashboardUids.logs, 'refresh=');
    await page.locator(testId('Edit dashboard button')).click();
    await page.getByRole('button', { name: 'More save options' }).click();
    await page.getByRole('menuitem', { name: 'Save as copy' }).click();
    await page.getByLabel('Save dashboard title field').fill(title);
    await page.locator(testId('Save dashboard drawer button')).click();
    const isCopy = ({ pathname }: URL) =>
      pathname.includes('/d/') && !pathname.includes(dashboardUids.logs);
    await page.waitForURL(isCopy, { timeout: waitMs });
    const [, uid = ''] = /\/d\/([^/]+)/.exec(new URL(page.url()).pathname) ?? [];
    try {
      await see(page.locator(panelSelector).first(), 'a panel of the copy');
    } finally {
      await deleteDashboard(grafana, uid);
    }
  }));
