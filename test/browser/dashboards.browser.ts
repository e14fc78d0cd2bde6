import { dashboardsOf } from '../../dashboards/index.ts';
import { messageOf } from '../../ops/process/errors.ts';
import { session } from '../e2e/cluster.ts';
import { sendPanelData } from '../e2e/panel-data.ts';
import { type Grafana, openDashboard, type SavedDashboard, withGrafana } from './browser.ts';
import { findingsIn } from './findings.ts';
import { watchProblems } from './page-problems.ts';
import { reportPanels } from './panel-report.ts';

beforeAll(sendPanelData);

test.each([1280, 1920])('the dashboards are without faults, %i pixels wide', (width) =>
  withGrafana(
    async (grafana) => {
      const problems = watchProblems(grafana.page);
      const faults: string[] = [];
      for (const { uid, title } of dashboardsOf(session.settings)) {
        const seen = await findingsOf(grafana, uid).catch((error) => [messageOf(error)]);
        faults.push(...[...seen, ...problems.splice(0)].map((fault) => `${title} / ${fault}`));
      }
      expect(faults).toEqual([]);
    },
    { width },
  ),
);

async function findingsOf(grafana: Grafana, uid: string): Promise<string[]> {
  const dashboard = await openDashboard(grafana, uid);
  const reports = await reportPanels(grafana.page, dashboard.panels);
  return findingsIn(reports, emptyTextsOf(dashboard)).map(
    ({ panel, what }) => `${panel} / ${what}`,
  );
}

/** What panels say that may be empty, by title. */
function emptyTextsOf({ panels }: SavedDashboard): Record<string, string> {
  return Object.fromEntries(
    panels.map(({ title, fieldConfig }) => [title, fieldConfig?.defaults.noValue ?? '']),
  );
}
