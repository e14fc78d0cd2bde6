import { logAlerts, metricAlerts } from '../../alerts/index.ts';
import type { Settings } from '../../lib/settings.ts';
import { ruleGroups } from '../stores/prometheus.ts';
import { NotYet, until } from '../until.ts';
import { examined, type Finding } from './finding.ts';
import { apiOf, type Reach } from './reach.ts';

/** Whether every rule is loaded where it belongs and was evaluated without an error. */
export function askRules(reach: Reach, settings: Settings): Promise<Finding[]> {
  const evaluators = [
    { component: 'prometheus', prefix: '', alerts: metricAlerts(settings) },
    { component: 'loki', prefix: '/prometheus', alerts: logAlerts(settings) },
  ] as const;
  return Promise.all(
    evaluators.map(({ component, prefix, alerts }) =>
      examined(
        {
          area: 'stack',
          hop: `rules of ${component}`,
          suspects: [component],
          cause: `${component} refused rules or cannot evaluate them: docs/runbooks/RuleEvaluationFailing.md`,
        },
        () =>
          until(`every rule of ${component} healthy`, () => askOnce(component, prefix, alerts), {
            timeoutSeconds: reach.timeoutSeconds,
          }),
      ),
    ),
  );

  async function askOnce(
    component: 'prometheus' | 'loki',
    prefix: string,
    alerts: readonly { alert: string }[],
  ): Promise<string> {
    const groups = await ruleGroups(apiOf(reach, component), prefix);
    const rules = groups.flatMap((group) => group.rules);
    // `unknown` is a rule whose first turn has not come yet.
    const bad = rules.filter(({ health }) => health === 'err');
    if (bad.length > 0) {
      throw new NotYet(bad.map(({ name, lastError }) => `${name}: ${lastError}`).join('; '));
    }
    const missing = alerts.filter(({ alert }) => !rules.some(({ name }) => name === alert));
    if (missing.length > 0) {
      throw new NotYet(`not loaded: ${missing.map(({ alert }) => alert).join(', ')}`);
    }
    return `${rules.length} rules, none failing`;
  }
}
