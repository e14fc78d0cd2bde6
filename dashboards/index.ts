import { isEnabled } from '../lib/model/parts.ts';
import type { Settings } from '../lib/schema.ts';
import { applicationDashboard } from './application.ts';
import { clusterDashboard } from './cluster.ts';
import { collectorDashboard } from './collector.ts';
import { homeDashboard } from './home.ts';
import { logsDashboard } from './logs.ts';
import { nodesDashboard } from './nodes.ts';
import type { ClassicDashboard } from './panels/dashboard.ts';
import { shopDashboard } from './shop.ts';
import { stackDashboard, stackDashboardOf } from './stack.ts';
import { tracesDashboard } from './traces.ts';
import { unifiedDashboard } from './unified.ts';
import { workloadsDashboard } from './workloads.ts';

/** The vocabulary of dashboards, for those of users too. */
export { changeAnnotations } from './panels/annotations.ts';
export { levelColors, percentileColors, statusColors } from './panels/colors.ts';
export {
  type ClassicDashboard,
  type DashboardProps,
  dashboard,
  type Row,
} from './panels/dashboard.ts';
export { type DataLink, toDashboard } from './panels/links.ts';
export type { PanelProps, PanelSpec } from './panels/panel.ts';
export { barGauge, heatmap, logs, nodeGraph, stat, timeseries } from './panels/panels.ts';
export {
  logql,
  logqlInstant,
  promql,
  promqlBuckets,
  promqlInstant,
  promqlTable,
  type Query,
  serviceMap,
  traceql,
  traceqlMetrics,
} from './panels/queries.ts';
export { type Column, table, traceTable } from './panels/tables.ts';
export { text } from './panels/text.ts';
export { customVariable, podVariables, serviceVariables } from './panels/variables.ts';
export { dashboardQueryMistakes } from './queries/query-mistakes.ts';

/** The dashboards that are always installed. */
const coreDashboards: readonly ClassicDashboard[] = [
  homeDashboard,
  unifiedDashboard,
  applicationDashboard,
  logsDashboard,
  tracesDashboard,
  collectorDashboard,
  stackDashboard,
];

const clusterDashboards = [clusterDashboard, workloadsDashboard, nodesDashboard];

/** All dashboards, including those that settings add. */
export const allDashboards: readonly ClassicDashboard[] = [
  ...coreDashboards,
  shopDashboard,
  ...clusterDashboards,
];

/** The dashboards that these settings install. */
export function dashboardsOf(settings: Settings): readonly ClassicDashboard[] {
  const { clusterView, testApp } = settings;
  return [
    ...coreDashboards.filter((each) => each !== stackDashboard),
    stackDashboardOf((store) => isEnabled(store, settings)),
    ...(testApp.enabled ? [shopDashboard] : []),
    ...(clusterView.enabled ? clusterDashboards : []),
  ];
}
