import type { ServiceName } from '../../../lib/model/ports.ts';
import { annotatedPodsJob } from '../../../lib/model/topology.ts';
import { RetryLater, retryUntil } from '../../process/retry.ts';
import { scrapeTargets } from '../../stores/prometheus.ts';
import { apiOf, type StackAccess } from '../model/access.ts';
import { runCheck } from '../model/finding.ts';

/**
 * Whether Prometheus can scrape every service of the stack. Annotated pods belong to other teams, so
 * a failure of theirs is a warning.
 */
export function checkTargets(access: StackAccess, services: readonly ServiceName[]) {
  const own = runCheck(
    {
      area: 'stack',
      hop: 'scrape targets',
      suspects: ['prometheus', ...services],
      cause: 'a service is down or a NetworkPolicy blocks it: docs/runbooks/TargetDown.md',
    },
    () =>
      retryUntil('every target of the stack up', () => checkOnce(access, services), {
        timeoutSeconds: access.timeoutSeconds,
      }),
  );
  const others = runCheck({ area: 'stack', hop: 'annotated pods', suspects: [] }, async () => {
    const down = (await targetsOf(access).catch(() => [])).filter(
      ({ scrapePool, health }) => scrapePool === annotatedPodsJob && health === 'down',
    );
    if (down.length === 0) return 'none fails';
    const seen = down.map(({ scrapeUrl, lastError }) => `${scrapeUrl}: ${lastError}`).join('; ');
    return { status: 'warning', seen };
  });
  return Promise.all([own, others]);
}

async function checkOnce(access: StackAccess, services: readonly ServiceName[]): Promise<string> {
  const targets = (await targetsOf(access)).filter(
    ({ scrapePool }) => scrapePool !== annotatedPodsJob,
  );
  const bad = targets.filter(({ health }) => health !== 'up');
  if (bad.length > 0) {
    const lines = bad.map(({ scrapePool, health, lastError }) =>
      [scrapePool, health, lastError].filter((part) => part).join(' '),
    );
    throw new RetryLater(lines.join('; '));
  }
  const missing = services.filter(
    (service) => !targets.some(({ scrapePool }) => scrapePool === service),
  );
  if (missing.length > 0) throw new RetryLater(`not scraped: ${missing.join(', ')}`);
  return `${targets.length} of ${targets.length} up`;
}

function targetsOf(access: StackAccess) {
  return scrapeTargets(apiOf(access, 'prometheus'));
}
