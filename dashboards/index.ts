import type { Settings } from '../lib/schema.ts';
import { applicationDashboard } from './application.ts';
import { clusterDashboard } from './cluster.ts';
import { collectorDashboard } from './collector.ts';
import { logsDashboard } from './logs.ts';
import type { ClassicDashboard } from './panels/dashboard.ts';
import { stackDashboard } from './stack.ts';
import { tracesDashboard } from './traces.ts';
import { unifiedDashboard } from './unified.ts';

/** The dashboards that are always installed. */
export const defaultDashboards: readonly ClassicDashboard[] = [
  unifiedDashboard,
  applicationDashboard,
  logsDashboard,
  tracesDashboard,
  collectorDashboard,
  stackDashboard,
];

/** All dashboards, including those that settings add. */
export const allDashboards: readonly ClassicDashboard[] = [...defaultDashboards, clusterDashboard];

/** The dashboards that these settings install. */
export function dashboardsOf({ clusterView }: Settings): readonly ClassicDashboard[] {
  return clusterView.enabled ? allDashboards : defaultDashboards;
}
