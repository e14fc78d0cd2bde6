import { allDashboards } from '../dashboards/index.ts';
import { type AskingPanel, panelsOf } from '../dashboards/panels/panel-queries.ts';
import { dashboardUids } from '../lib/model/dashboard-uids.ts';

export type DashboardName = keyof typeof dashboardUids;

/**
 * Where a panel is seen on its own, below Grafana's address.
 *
 * @param panel its title, or the title for each value of the alert's label `job`
 * @param service what the dashboard is narrowed down to; may be a template of Prometheus
 * @throws if the dashboard does not have just one panel of this title
 */
export function panelPath(
  dashboard: DashboardName,
  panel: string | Readonly<Record<string, string>>,
  service?: string,
): string {
  const view = (title: string) => `viewPanel=panel-${panelOf(dashboard, title).id}`;
  const query = [
    ...(service === undefined ? [] : [`var-service=${service}`]),
    typeof panel === 'string' ? view(panel) : byJob(panel, view),
  ];
  return `/d/${dashboardUids[dashboard]}?${query.join('&')}`;
}

/** The panel of a dashboard with this title. */
export function panelOf(name: DashboardName, title: string): AskingPanel {
  const panels = allDashboards.filter(({ uid }) => uid === dashboardUids[name]).flatMap(panelsOf);
  const [found, ...others] = panels.filter((panel) => panel.title === title);
  if (found !== undefined && others.length === 0) return found;
  throw new Error(`dashboard ${name} has ${found ? 'two panels' : 'no panel'} "${title}"`);
}

/** A choice that Prometheus makes when the alert fires; other jobs get the whole dashboard. */
function byJob(titles: Readonly<Record<string, string>>, view: (title: string) => string): string {
  const cases = Object.entries(titles).map(
    ([job, title]) => `if eq $labels.job "${job}" }}${view(title)}{{`,
  );
  return `{{ ${cases.join(' else ')} end }}`;
}
