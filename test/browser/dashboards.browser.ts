import { allDashboards, dashboardsOf } from '../../dashboards/index.ts';
import { messageOf } from '../../ops/process/errors.ts';
import { session } from '../e2e/cluster.ts';
import { sendPanelData } from '../e2e/panel-data.ts';
import { type Grafana, openDashboard, withGrafana } from './browser.ts';
import { findingsIn } from './findings.ts';
import { mayBeEmpty } from './may-be-empty.ts';
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
  const { title, panels } = await openDashboard(grafana, uid);
  const reports = await reportPanels(grafana.page, panels);
  const empty = mayBeEmpty.filter(({ dashboard }) => dashboard === title);
  const findings = findingsIn(
    reports,
    empty.map(({ panel }) => panel),
  );
  return findings.map(({ panel, what }) => `${panel} / ${what}`);
}

test('panels that may be empty exist', () => {
  const titles = allDashboards.flatMap(({ title, panels }) =>
    panels.map((panel) => `${title} / ${panel.title}`),
  );
  for (const { dashboard, panel } of mayBeEmpty) {
    expect(titles).toContain(`${dashboard} / ${panel}`);
  }
});
