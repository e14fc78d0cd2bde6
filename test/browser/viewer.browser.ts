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
          const seen = [];
          const problems = watchProblems(grafana.page);
          for (const dashboard of dashboardsOf(session.settings)) {
            await openDashboard(grafana, dashboard);
            const panels = await reportPanels(grafana.page, dashboard.panels);
            const errors = panels.flatMap(({ title, error }) => (error ? [{ title, error }] : []));
            seen.push({ dashboard: dashboard.title, errors });
          }
          expect(seen.flatMap(({ errors }) => errors)).toEqual([]);
          expect(problems).toEqual([]);
        },
        { login },
      ),
    ),
  ));
