import type { DashboardLink } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboardUids } from '../../lib/model/uids.ts';
import { attributes } from '../../lib/telemetry/app.ts';
import { label } from '../../lib/telemetry/metric.ts';
import type { EnumsAsValues } from './sdk-types.ts';
import { identityVariables } from './variables.ts';

/** A data link of a panel. */
export interface DataLink {
  readonly title: string;
  readonly url: string;
  readonly targetBlank: boolean;
}

const route = label(attributes.httpRoute);

/** The tag of every dashboard of Mantis. */
export const dashboardTag = 'mantis';

/** Data links from a series by endpoint. */
export const endpointLinks: readonly DataLink[] = [
  toDashboard('Log lines of this endpoint', 'logs', { endpoint: route }),
  toDashboard('Traces of this endpoint', 'traces', { endpoint: route }),
];

/** The dashboard link to all other dashboards, which keeps time range and variables. */
export const otherDashboards: EnumsAsValues<DashboardLink> = {
  type: 'dashboards',
  title: 'Mantis',
  icon: 'external link',
  tooltip: '',
  tags: [dashboardTag],
  asDropdown: true,
  targetBlank: false,
  includeVars: true,
  keepTime: true,
};

/**
 * A data link from a series to another dashboard.
 *
 * @param from the label of the series for each variable of the dashboard that it sets
 */
export function toDashboard(
  title: string,
  dashboard: keyof typeof dashboardUids,
  from: Readonly<Record<string, string>> = {},
): DataLink {
  const set = Object.entries(from).map(
    ([variable, labelName]) => `var-${variable}=\${__field.labels.${labelName}}`,
  );
  const kept = [...Object.keys(identityVariables), 'service', 'endpoint', 'status_code', 'filter']
    .filter((variable) => !(variable in from))
    .map((variable) => `\${${variable}:queryparam}`);
  const query = [...set, ...kept, `\${__url_time_range}`].join('&');
  return { title, url: `/d/${dashboardUids[dashboard]}?${query}`, targetBlank: false };
}
