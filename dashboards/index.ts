import type { Settings } from '../lib/schema.ts';
import { application } from './application.ts';
import { cluster } from './cluster.ts';
import { collector } from './collector.ts';
import { logsDashboard } from './logs.ts';
import type { ClassicDashboard } from './panels/dashboard.ts';
import { stack } from './stack.ts';
import { traces } from './traces.ts';
import { unified } from './unified.ts';

/** Every dashboard that Grafana is always given. */
export const dashboards: readonly ClassicDashboard[] = [
  unified,
  application,
  logsDashboard,
  traces,
  collector,
  stack,
];

/** With those that settings add. */
export const allDashboards: readonly ClassicDashboard[] = [...dashboards, cluster];

/** Those that an installation with these settings has. */
export function dashboardsOf({ clusterView }: Settings): readonly ClassicDashboard[] {
  return clusterView.enabled ? allDashboards : dashboards;
}
