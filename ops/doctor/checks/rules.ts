import { messageOf } from '../../process/errors.ts';
import { RetryLater, retryUntil } from '../../process/retry.ts';
import { ruleGroups } from '../../stores/prometheus.ts';
import type { SignalStore } from '../../stores/store.ts';
import { signalStores } from '../../stores/stores.ts';
import { isExternal, type StackAccess, storeApi } from '../model/access.ts';
import type { ExpectedStack } from '../model/doctor-plan.ts';
import { type CheckResult, type Finding, runCheck } from '../model/finding.ts';

/** Whether every rule is loaded where it belongs and was evaluated without an error. */
export function checkRules(access: StackAccess, expected: ExpectedStack): Promise<Finding[]> {
  const { timeoutSeconds } = access;
  const evaluators: readonly SignalStore[] = Object.values(signalStores);
  const checks = evaluators.flatMap(({ name, rulesPrefix }) => {
    if (rulesPrefix === undefined) return [];
    const subject = {
      area: 'stack' as const,
      hop: `rules of ${name}`,
      suspects: [name],
      cause: `${name} refused rules or cannot evaluate them: docs/runbooks/RuleEvaluationFailing.md`,
    };
    const check = () => checkOnce(access, name, rulesPrefix, expected.alerts[name]);
    if (isExternal(access, name)) return runCheck(subject, () => checkExternal(check, name));
    return runCheck(subject, () =>
      retryUntil(`every rule of ${name} healthy`, check, { timeoutSeconds }),
    );
  });
  return Promise.all(checks);
}

/** Its rules are loaded by others, and may be closed to Grafana, so that it is no failure. */
async function checkExternal(check: () => Promise<string>, name: string): Promise<CheckResult> {
  try {
    return await check();
  } catch (error) {
    const cause = `${name} is external: load dist/rules/${name}/ into its ruler (docs/configuration.md, External stores)`;
    return { status: 'warning', seen: messageOf(error), cause };
  }
}

async function checkOnce(
  access: StackAccess,
  service: SignalStore['name'],
  prefix: string,
  alerts: readonly string[] = [],
): Promise<string> {
  const groups = await ruleGroups(storeApi(access, service), prefix);
  const rules = groups.flatMap((group) => group.rules);
  // `unknown` is a rule whose first turn has not come yet.
  const bad = rules.filter(({ health }) => health === 'err');
  if (bad.length > 0) {
    throw new RetryLater(bad.map(({ name, lastError }) => `${name}: ${lastError}`).join('; '));
  }
  const missing = alerts.filter((alert) => !rules.some(({ name }) => name === alert));
  if (missing.length > 0) throw new RetryLater(`not loaded: ${missing.join(', ')}`);
  return `${rules.length} rules, none failing`;
}
