import { expect } from '@jest/globals';
import { waitMs } from '../../bench/browser/grafana-page.ts';
import { allDashboards } from '../../dashboards/index.ts';
import { dashboardUids } from '../../lib/model/uids.ts';
import { sendPanelData } from '../e2e/panel-data.ts';
import { openDashboard, withGrafana } from './browser.ts';
import {
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

/** A dashboard, of which links only need one service. */
function named(name: keyof typeof dashboardUids) {
  const found = allDashboards.find(({ uid }) => uid === dashboardUids[name]);
  if (found === undefined) throw new Error(`no dashboard ${name}`);
  return found;
}
const shop = 'var-service=shop&from=now-1h&to=now&refresh=';

beforeAll(sendPanelData);

test('an exemplar leads to its trace, that to its log lines', () =>
  withGrafana(async (grafana) => {
    await openDashboard(grafana, named('unified'), shop);
    const trace = await seeTrace(
      await followExemplar(grafana.page, panelOf(grafana.page, 'Latency'), 'View trace'),
    );
    await seeLogLine(await followSpanLink(trace, 'Logs for this span'));
  }));

test('a row of a table of traces leads to the trace, that to the metrics of a span', () =>
  withGrafana(async (grafana) => {
    await openDashboard(grafana, named('traces'), shop);
    const table = panelOf(grafana.page, 'Traces across services');
    const link = table.locator('[role="gridcell"] a').first();
    await see(link, 'a link in the table of traces');
    const tab = grafana.page.context().waitForEvent('page', { timeout: 2_000 });
    await link.click();
    const trace = await seeTrace(await tab.catch(() => grafana.page));
    await seeGraph(await followSpanLink(trace, 'Request rate'));
  }));

test('a log line leads to its trace', () =>
  withGrafana(async (grafana) => {
    await openDashboard(grafana, named('logs'), shop);
    await seeTrace(
      await followLogLink(grafana.page, panelOf(grafana.page, 'All lines'), 'View trace'),
    );
  }));

test('a line of a graph leads to the logs of its service, in the same time range', () =>
  withGrafana(async (grafana) => {
    await openDashboard(grafana, named('unified'), shop);
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
    await openDashboard(grafana, named('unified'), shop);
    await page.getByRole('button', { name: 'Mantis', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Application Metrics' }).click();
    await seeDashboard(page, dashboardUids.application);
    expect(parametersOf(page).getAll('var-service')).toEqual(['shop']);
    expect(parametersOf(page).get('from')).toBe('now-1h');
  }));

test('an alert in the list of alert rules leads to its runbook and to its panel', () =>
  withGrafana(async ({ page, url }) => {
    await page.goto(`${url}/alerting/list?search=${encodeURIComponent('rule:Watchdog')}`);
    await see(page.getByText('Watchdog').first(), 'the alert Watchdog');
    await page.locator('[data-testid="data-testid collapse-toggle"]').first().click();
    await see(page.getByText('Runbook URL').first(), 'the runbook of Watchdog');
    const panel = page.locator(`a[href*="/d/mantis-"]`).first();
    await see(panel, 'the link of Watchdog to its panel');
    expect(await panel.getAttribute('href')).toContain('viewPanel=panel-');
  }));

test('a copy of a dashboard can be saved', () =>
  withGrafana(async (grafana) => {
    const { page, url } = grafana;
    const title = `Copy ${Date.now()}`;
    await openDashboard(grafana, named('logs'));
    await page.locator('[data-testid="data-testid Edit dashboard button"]').click();
    await page.getByRole('button', { name: 'Save as copy' }).click();
    await page.getByLabel('Save dashboard title field').fill(title);
    await page.locator('[data-testid="data-testid Save dashboard drawer button"]').click();
    await page.waitForURL((to) => !to.pathname.includes(dashboardUids.logs), { timeout: waitMs });
    expect(await page.title()).toContain(title);
    void url;
  }));
