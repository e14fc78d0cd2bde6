import { NotYet, retryUntil } from '../../process/retry.ts';
import { ruleGroups } from '../../stores/prometheus.ts';
import type { Expected } from '../model/expected.ts';
import { examined, type Finding } from '../model/finding.ts';
import { apiOf, type Reach } from '../model/reach.ts';

/** Whether every rule is loaded where it belongs and was evaluated without an error. */
export function askRules(reach: Reach, expected: Expected): Promise<Finding[]> {
  const evaluators = [
    { component: 'prometheus', prefix: '' },
    { component: 'loki', prefix: '/prometheus' },
  ] as const;
  return Promise.all(
    evaluators.map(({ component, prefix }) =>
      examined(
        {
          area: 'stack',
          hop: `rules of ${component}`,
          suspects: [component],
          cause: `${component} refused rules or cannot evaluate them: docs/runbooks/RuleEvaluationFailing.md`,
        },
        () =>
          retryUntil(`every rule of ${component} healthy`, () => askOnce(component, prefix), {
            timeoutSeconds: reach.timeoutSeconds,
          }),
      ),
    ),
  );

  async function askOnce(component: 'prometheus' | 'loki', prefix: string): Promise<string> {
    const groups = await ruleGroups(apiOf(reach, component), prefix);
    const rules = groups.flatMap((group) => group.rules);
    // `unknown` is a rule whose first turn has not come yet.
    const bad = rules.filter(({ health }) => health === 'err');
    if (bad.length > 0) {
      throw new NotYet(bad.map(({ name, lastError }) => `${name}: ${lastError}`).join('; '));
    }
    const missing = expected.alerts[component].filter(
      (alert) => !rules.some(({ name }) => name === alert),
    );
    if (missing.length > 0) throw new NotYet(`not loaded: ${missing.join(', ')}`);
    return `${rules.length} rules, none failing`;
  }
}
