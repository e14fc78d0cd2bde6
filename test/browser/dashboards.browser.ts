import { dashboardsOf } from '../../dashboards/index.ts';
import { session } from '../e2e/cluster.ts';
import { sendPanelData } from '../e2e/panel-data.ts';
import { openDashboard, withGrafana } from './browser.ts';
import { findingsIn } from './findings.ts';
import { mayBeEmpty } from './may-be-empty.ts';
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
      const empty = mayBeEmpty
        .filter(({ dashboard: title }) => title === dashboard.title)
        .map(({ panel }) => panel);
      expect({ findings: findingsIn(panels, empty), problems }).toEqual({
        findings: [],
        problems: [],
      });
    },
    { width },
  ),
);

test('panels that may be empty exist', () => {
  const titles = dashboardsOf({
    ...session.settings,
    clusterView: { ...session.settings.clusterView, enabled: true },
  }).flatMap(({ title, panels }) => panels.map((panel) => `${title} / ${panel.title}`));
  for (const { dashboard, panel } of mayBeEmpty)
    expect(titles).toContain(`${dashboard} / ${panel}`);
});
