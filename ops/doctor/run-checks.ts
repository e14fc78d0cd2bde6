import { partOfService } from '../../lib/model/ports.ts';
import { checkClocks } from './checks/clocks.ts';
import { readMetricsPage } from './checks/collector-page.ts';
import { checkDatasources } from './checks/datasources.ts';
import { checkEndpoints } from './checks/endpoints.ts';
import { checkExternalAccess } from './checks/external-access.ts';
import { checkSignal } from './checks/hops.ts';
import { checkLosses, readLossPages } from './checks/losses.ts';
import { checkQueues } from './checks/queues.ts';
import { checkRules } from './checks/rules.ts';
import { checkTargets } from './checks/targets.ts';
import { checkVolumeUsage } from './checks/volumes.ts';
import type { StackAccess } from './model/access.ts';
import type { ExpectedStack } from './model/doctor-plan.ts';
import { areas, type Finding } from './model/finding.ts';

export async function runChecks(access: StackAccess, expected: ExpectedStack): Promise<Finding[]> {
  const { services, limits, decisionWait } = expected;
  const { timeoutSeconds } = access;
  const stack = services.filter((service) => partOfService(service) === 'stack');
  const [counted, lost] = await Promise.all([
    readMetricsPage(access).catch(() => undefined),
    readLossPages(access),
  ]);
  const found = await Promise.all([
    checkEndpoints(access, services),
    checkExternalAccess(access),
    checkSignal(access, 'metrics', counted, lost),
    checkSignal(access, 'logs', counted, lost),
    // With tail sampling the collector holds each trace for the decision wait.
    checkSignal(
      { ...access, timeoutSeconds: timeoutSeconds + decisionWait },
      'traces',
      counted,
      lost,
    ),
    checkDatasources(access),
    checkTargets(access, stack),
    checkRules(access, expected),
    checkClocks(access),
    checkVolumeUsage(access, expected),
  ]);
  // Last, so that the items of the other checks are counted too.
  const after = await Promise.all([checkQueues(access, limits.queue), checkLosses(access, lost)]);
  const all = [...found, ...after].flat();
  return all.sort((a, b) => areas.indexOf(a.area) - areas.indexOf(b.area));
}
