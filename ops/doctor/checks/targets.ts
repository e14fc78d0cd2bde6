import { annotatedPodsJob, type Component } from '../../../lib/model/topology.ts';
import { NotYet, retryUntil } from '../../process/retry.ts';
import { scrapeTargets } from '../../stores/prometheus.ts';
import { examined, type Finding } from '../model/finding.ts';
import { apiOf, type Reach } from '../model/reach.ts';

/**
 * Whether Prometheus can scrape every component of the stack. Pods that ask to be scraped by
 * annotation belong to others: of them a failure is a warning.
 */
export async function askTargets(
  reach: Reach,
  components: readonly Component[],
): Promise<Finding[]> {
  const own = examined(
    {
      area: 'stack',
      hop: 'scrape targets',
      suspects: ['prometheus', ...components],
      cause:
        'a component is away or a NetworkPolicy is in the way of its metrics page: docs/runbooks/TargetDown.md',
    },
    () =>
      retryUntil('every target of the stack up', () => askOnce(reach, components), {
        timeoutSeconds: reach.timeoutSeconds,
      }),
  );
  const others = examined({ area: 'stack', hop: 'annotated pods', suspects: [] }, async () => {
    const down = (await targetsOf(reach).catch(() => [])).filter(
      ({ scrapePool, health }) => scrapePool === annotatedPodsJob && health === 'down',
    );
    if (down.length === 0) return 'none fails';
    const seen = down.map(({ scrapeUrl, lastError }) => `${scrapeUrl}: ${lastError}`).join('; ');
    return { status: 'warning', seen };
  });
  return Promise.all([own, others]);
}

async function askOnce(reach: Reach, components: readonly Component[]): Promise<string> {
  const targets = (await targetsOf(reach)).filter(
    ({ scrapePool }) => scrapePool !== annotatedPodsJob,
  );
  const bad = targets.filter(({ health }) => health !== 'up');
  if (bad.length > 0) {
    const lines = bad.map(({ scrapePool, health, lastError }) =>
      [scrapePool, health, lastError].filter((part) => part).join(' '),
    );
    throw new NotYet(lines.join('; '));
  }
  const missing = components.filter(
    (component) => !targets.some(({ scrapePool }) => scrapePool === component),
  );
  if (missing.length > 0) throw new NotYet(`not scraped: ${missing.join(', ')}`);
  return `${targets.length} of ${targets.length} up`;
}

function targetsOf(reach: Reach) {
  return scrapeTargets(apiOf(reach, 'prometheus'));
}
