import { dashboardsOf } from '../../dashboards/index.ts';
import { session, withUrls } from '../e2e/cluster.ts';
import { adminLogin, openDashboard, withGrafana } from './browser.ts';
import { watchProblems } from './page-problems.ts';
import { reportPanels } from './panel-report.ts';
import { withViewer } from './temporary.ts';

test('a user with the role Viewer sees every dashboard without an error', () =>
  withUrls(['grafana'], async ({ grafana: url }) =>
    withViewer({ url, login: await adminLogin() }, (login) =>
      withGrafana(
        async (grafana) => {
          const errors: string[] = [];
          const problems = watchProblems(grafana.page);
          for (const { uid } of dashboardsOf(session.settings)) {
            const dashboard = await openDashboard(grafana, uid);
            const panels = await reportPanels(grafana.page, dashboard.panels);
            for (const { title, error } of panels) {
              if (error !== undefined) errors.push(`${dashboard.title} / ${title}: ${error}`);
            }
          }
          expect(errors).toEqual([]);
          expect(problems).toEqual([]);
        },
        { login },
      ),
    ),
  ));
