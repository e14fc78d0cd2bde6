import { allDashboards } from '../dashboards/index.ts';
import { type PanelWithQueries, panelsOf } from '../dashboards/panels/panel-queries.ts';
import { dashboardUids } from '../lib/model/uids.ts';

export type DashboardName = keyof typeof dashboardUids;

/**
 * The path of a single panel, to append to Grafana's URL.
 *
 * @param panel the title of the panel, or the title for each value of the alert's label `job`
 * @param parameters query parameters that set dashboard variables; may be Prometheus templates
 * @throws if the dashboard has no panel of this title
 */
export function panelPath(
  dashboard: DashboardName,
  panel: string | Readonly<Record<string, string>>,
  parameters?: string,
): string {
  const view = (title: string) => `viewPanel=panel-${findPanel(dashboard, title).id}`;
  const query = [
    ...(parameters === undefined ? [] : [parameters]),
    typeof panel === 'string' ? view(panel) : byJob(panel, view),
  ];
  return `/d/${dashboardUids[dashboard]}?${query.join('&')}`;
}

/** The panel of a dashboard with this title. */
export function findPanel(name: DashboardName, title: string): PanelWithQueries {
  const panels = allDashboards.filter(({ uid }) => uid === dashboardUids[name]).flatMap(panelsOf);
  // Titles are unique in a dashboard (dashboards/dashboards.test.ts).
  const found = panels.find((panel) => panel.title === title);
  if (found !== undefined) return found;
  throw new Error(`dashboard ${name} has no panel "${title}"`);
}

/**
 * A Prometheus template that selects the panel by the label `job`; other jobs get the whole
 * dashboard.
 */
function byJob(titles: Readonly<Record<string, string>>, view: (title: string) => string): string {
  const cases = Object.entries(titles).map(
    ([job, title]) => `if eq $labels.job "${job}" }}${view(title)}{{`,
  );
  return `{{ ${cases.join(' else ')} end }}`;
}
