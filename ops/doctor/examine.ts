import { isTestApp } from '../../lib/model/topology.ts';
import { askClocks } from './checks/clocks.ts';
import { askDatasources } from './checks/datasources.ts';
import { askEndpoints } from './checks/endpoints.ts';
import { followSignal, pageBefore } from './checks/hops.ts';
import { askLosses, lossPages } from './checks/losses.ts';
import { askQueues } from './checks/queues.ts';
import { askRules } from './checks/rules.ts';
import { askTargets } from './checks/targets.ts';
import { askVolumes } from './checks/volumes.ts';
import type { Expected } from './model/expected.ts';
import { areas, type Finding } from './model/finding.ts';
import type { Reach } from './model/reach.ts';
import { type Signal, signals } from './probe/mark.ts';

/** Looks at everything that can be reached, and gives what was found, ordered by area. */
export async function examine(reach: Reach, expected: Expected): Promise<Finding[]> {
  const { components, limits } = expected;
  const stack = components.filter((component) => !isTestApp(component));
  const [counted, lost] = await Promise.all([pageBefore(reach), lossPages(reach)]);
  const found = await Promise.all([
    askEndpoints(reach, components),
    ...signals.map((signal) =>
      followSignal(withDecisionWait(reach, signal, expected), signal, counted),
    ),
    askDatasources(reach),
    askTargets(reach, stack),
    askRules(reach, expected),
    askClocks(reach),
    askVolumes(reach, expected),
  ]);
  // Last, so that what was sent in the meantime is counted too.
  const after = await Promise.all([askQueues(reach, limits.queue), askLosses(reach, lost)]);
  const all = [...found, ...after].flat();
  return all.sort((a, b) => areas.indexOf(a.area) - areas.indexOf(b.area));
}

/** Where whole traces are sampled, the collector holds each of them for a while before it goes on. */
function withDecisionWait(reach: Reach, signal: Signal, { decisionWait }: Expected): Reach {
  if (signal !== 'traces') return reach;
  return { ...reach, timeoutSeconds: reach.timeoutSeconds + decisionWait };
}
