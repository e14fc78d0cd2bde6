import type { Settings } from '../lib/schema.ts';
import { applicationDashboard } from './application.ts';
import { clusterDashboard } from './cluster.ts';
import { collectorDashboard } from './collector.ts';
import { homeDashboard } from './home.ts';
import { logsDashboard } from './logs.ts';
import { nodesDashboard } from './nodes.ts';
import type { ClassicDashboard } from './panels/dashboard.ts';
import { shopDashboard } from './shop.ts';
import { stackDashboard } from './stack.ts';
import { tracesDashboard } from './traces.ts';
import { unifiedDashboard } from './unified.ts';
import { workloadsDashboard } from './workloads.ts';

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
export function dashboardsOf({ clusterView, testApp }: Settings): readonly ClassicDashboard[] {
  return [
    ...coreDashboards,
    ...(testApp.enabled ? [shopDashboard] : []),
    ...(clusterView.enabled ? clusterDashboards : []),
  ];
}
