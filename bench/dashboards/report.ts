import { dashboardsOf } from '../../dashboards/index.ts';
import { readAdminLogin } from '../../ops/cluster/secret.ts';
import type { Session } from '../../ops/cluster/session.ts';
import { withForwards } from '../../ops/connections/endpoint-urls.ts';
import { formatTable, print } from '../../ops/process/output.ts';
import { type OpenTime, openDashboard } from './open-dashboards.ts';
import { manyLinesService, writeLines } from './write-lines.ts';

const runs = 3;

/**
 * `npm run dashboard-latency`: opens each dashboard some times through Grafana and prints how long
 * its queries took, with all services and with the one that has written the lines.
 *
 * @param lines how many log lines to write before, over the last half hour
 */
export async function reportDashboardLatency(session: Session, lines: number): Promise<void> {
  if (lines > 0) await writeLines(session, lines, 1800);
  const login = await readAdminLogin(session.target);
  await withForwards(session, ['grafana'], async ({ grafana: url }) => {
    const rows = [];
    for (const dashboard of dashboardsOf(session.settings)) {
      for (const service of ['.+', ...(lines > 0 ? [manyLinesService] : [])]) {
        const times: OpenTime[] = [];
        for (let run = 0; run < runs; run += 1) {
          times.push(
            await openDashboard({ url, login, timeoutMs: 60_000 }, dashboard, { service }),
          );
        }
        rows.push(row(dashboard.title ?? '', service, times));
      }
    }
    const header = ['DASHBOARD', 'SERVICE', 'FIRST', 'MEDIAN', 'SLOWEST QUERY', ''];
    print(formatTable([header, ...rows]));
  });
}

const formatMs = (ms = 0) => `${(ms / 1000).toFixed(2)} s`;

function row(title: string, service: string, times: readonly OpenTime[]): string[] {
  const sorted = [...times].sort((a, b) => a.ms - b.ms);
  const slowest = [...(times[0]?.queries ?? [])].sort((a, b) => b.ms - a.ms)[0];
  return [
    ...[title, service === '.+' ? 'all' : service],
    ...[formatMs(times[0]?.ms), formatMs(sorted[Math.floor(runs / 2)]?.ms)],
    ...[slowest?.query.panel ?? '', formatMs(slowest?.ms)],
  ];
}
