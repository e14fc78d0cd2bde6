import type { DashboardModel } from '../lib/grafana.ts';
import { overview } from './overview.ts';

/** Every dashboard that Grafana is given. */
export const dashboards: readonly DashboardModel[] = [overview];
