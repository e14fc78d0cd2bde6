import type { DashboardLink } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboardUids } from '../../lib/model/dashboard-uids.ts';
import type { Plain } from './sdk-types.ts';

/** A link of a panel, offered at a point or a cell. */
export interface DataLink {
  readonly title: string;
  readonly url: string;
  readonly targetBlank: boolean;
}

/** At the top of every dashboard: all the others, at the same time and with the same choice. */
export const otherDashboards: Plain<DashboardLink> = {
  type: 'dashboards',
  title: 'Mantis',
  icon: 'external link',
  tooltip: '',
  tags: ['mantis'],
  asDropdown: true,
  targetBlank: false,
  includeVars: true,
  keepTime: true,
};

/**
 * From a point of a series to another dashboard, narrowed down to what the series is about.
 *
 * @param from the labels of the series, by the variable that each one sets
 */
export function toDashboard(
  title: string,
  dashboard: keyof typeof dashboardUids,
  from: Readonly<Record<string, string>> = {},
): DataLink {
  const set = Object.entries(from).map(
    ([variable, labelName]) => `var-${variable}=\${__field.labels.${labelName}}`,
  );
  const kept = ['environment', 'service', 'endpoint', 'status_code', 'filter']
    .filter((variable) => !(variable in from))
    .map((variable) => `\${${variable}:queryparam}`);
  const query = [...set, ...kept, `\${__url_time_range}`].join('&');
  return { title, url: `/d/${dashboardUids[dashboard]}?${query}`, targetBlank: false };
}
