import { application } from './application.ts';
import { collector } from './collector.ts';
import type { ClassicDashboard } from './dashboard.ts';
import { logsDashboard } from './logs.ts';
import { stack } from './stack.ts';
import { traces } from './traces.ts';
import { unified } from './unified.ts';

/** Every dashboard that Grafana is given. */
export const dashboards: readonly ClassicDashboard[] = [
  unified,
  application,
  logsDashboard,
  traces,
  collector,
  stack,
];
