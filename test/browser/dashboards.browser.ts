import { dashboardsOf } from '../../dashboards/index.ts';
import { session } from '../e2e/cluster.ts';
import { sendPanelData } from '../e2e/panel-data.ts';
import { openDashboard, type SavedDashboard, withGrafana } from './browser.ts';
import { findingsIn } from './findings.ts';
import { watchProblems } from './page-problems.ts';
import { reportPanels } from './panel-report.ts';

const dashboards = dashboardsOf(session.settings);
const views = [1280, 1920].flatMap((width) =>
  dashboards.map(({ uid, title }) => ({ uid, title, width })),
);

beforeAll(sendPanelData);

test.each(views)('$title is without faults, $width pixels wide', ({ uid, width }) =>
  withGrafana(
    async (grafana) => {
      const problems = watchProblems(grafana.page);
      const dashboard = await openDashboard(grafana, uid);
      const panels = await reportPanels(grafana.page, dashboard.panels);
      expect({ findings: findingsIn(panels, emptyTextsOf(dashboard)), problems }).toEqual({
        findings: [],
        problems: [],
      });
    },
    { width },
  ),
);

/** What panels say that may be empty, by title. */
function emptyTextsOf({ panels }: SavedDashboard): Record<string, string> {
  return Object.fromEntries(
    panels.map(({ title, fieldConfig }) => [title, fieldConfig?.defaults.noValue ?? '']),
  );
}
