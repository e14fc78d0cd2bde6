import { forwardTo } from '../../ops/access.ts';
import { clearFaults } from '../../ops/faults.ts';
import { kubectl } from '../../ops/kubectl.ts';
import { say, table } from '../../ops/output.ts';
import type { Forward } from '../../ops/port-forward.ts';
import { openSession } from '../../ops/session.ts';
import { knownAlerts } from '../../ops/stores/alertmanager.ts';
import { activeAlerts } from '../../ops/stores/prometheus.ts';
import { NotYet, until } from '../../ops/until.ts';
import { messageOf, UserError } from '../../ops/user-error.ts';
import { broken, deploy, profile } from './profile.ts';
import { Receiver } from './receiver.ts';
import { brokenFromTheStart, type Place, rounds, type Scenario, unmade } from './scenarios.ts';
import { isExpected, type Moment, note, type Timeline } from './timeline.ts';

/**
 * Makes every alert fire on a running cluster, sees it arrive at a webhook, ends its cause, and sees
 * it resolve. Prints how long each step took.
 */
const session = openSession();
const { target } = session;
const arriveSeconds = 420;
const stores = ['prometheus', 'loki', 'alertmanager', 'otlpHttp'] as const;
type Urls = Record<(typeof stores)[number], string>;

let forwards: readonly Forward[] = [];

/** Connections end with the pods that they lead to, so they are opened anew when one fails. */
async function urls(): Promise<Urls> {
  if (forwards.length === 0) {
    forwards = await Promise.all(stores.map((name) => forwardTo(session, name)));
  }
  return Object.fromEntries(stores.map((name, index) => [name, forwards[index]?.url])) as Urls;
}

async function disconnect(): Promise<void> {
  const open = forwards;
  forwards = [];
  await Promise.all(open.map((each) => each.close()));
}

async function look(receiver: Receiver, lines: readonly Timeline[]): Promise<Moment | undefined> {
  try {
    const { prometheus, loki, alertmanager } = await urls();
    const silenced = lines.filter(({ expected }) => expected.silenced);
    const [metrics, logs, received, ...known] = await Promise.all([
      activeAlerts(prometheus),
      activeAlerts(loki, '/prometheus'),
      receiver.received(),
      ...silenced.map(({ expected }) => knownAlerts(alertmanager, expected.alert)),
    ]);
    return {
      at: Date.now(),
      active: [...metrics, ...logs],
      received,
      silenced: known
        .flat()
        .filter(({ status }) => status.inhibitedBy.length > 0)
        .map(({ labels }) => labels),
    };
  } catch {
    await disconnect();
    return undefined;
  }
}

interface Run {
  readonly scenario: Scenario;
  readonly lines: readonly Timeline[];
  injected: number;
}

const runs: Run[] = [];

async function start(scenario: Scenario, place: Place): Promise<Run> {
  const names = scenario.alerts.map(({ alert }) => alert).join(', ');
  await calm(scenario, place);
  await scenario.inject(place);
  say(`${names}: the fault is there`);
  const injected = Date.now();
  const lines = scenario.alerts.map((expected) => ({ expected, injected }));
  const run = { scenario, lines, injected };
  runs.push(run);
  return run;
}

/** Waits until what the fault before has caused is over: it would be taken for this one's. */
async function calm({ alerts, already }: Scenario, { receiver }: Place): Promise<void> {
  if (already) return;
  const probe = async () => {
    const moment = await look(receiver, []);
    if (moment === undefined) throw new NotYet('the stores do not answer');
    const names = moment.active
      .filter(({ labels }) => alerts.some((expected) => isExpected(expected, labels)))
      .map(({ labels }) => labels.alertname);
    if (names.length > 0) throw new NotYet(`${names} is active`);
  };
  await until('the alerts of a fault before it to end', probe, {
    timeoutSeconds: 600,
    everyMs: 5000,
  });
}

const allLines = () => runs.flatMap(({ lines }) => lines);
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function watch(place: Place): Promise<void> {
  const moment = await look(place.receiver, allLines());
  if (moment !== undefined) for (const line of allLines()) note(line, moment);
  await sleep(2000);
}

/** Follows a fault until its alerts have arrived, then ends it. */
async function follow(run: Run, place: Place): Promise<void> {
  const { scenario, lines, injected } = run;
  while (lines.some(({ arrived }) => arrived === undefined)) {
    if (Date.now() - injected > arriveSeconds * 1000) break;
    // A pod that is being replaced must not end the run.
    await scenario.keep?.(place).catch(() => disconnect());
    await sleep(2000);
  }
  await scenario.clear(place);
  for (const line of lines) line.cleared = Date.now();
  say(`${lines.map(({ expected }) => expected.alert).join(', ')}: the fault is over`);
}

/** Faults one round after the other, watched all the time. */
async function drive(place: Place): Promise<void> {
  let driving = true;
  const watching = (async () => {
    while (driving) await watch(place);
  })();
  try {
    for (const round of [[brokenFromTheStart], ...rounds]) {
      await Promise.all(round.map(async (scenario) => follow(await start(scenario, place), place)));
    }
    const open = () =>
      allLines().filter(({ expected, cleared = 0, resolved }) => {
        const patience = (expected.resolveSeconds ?? 480) * 1000;
        return resolved === undefined && Date.now() - cleared < patience;
      });
    while (open().length > 0) await sleep(2000);
  } finally {
    driving = false;
    await watching;
  }
}

const cell = (from: number | undefined, to: number | undefined) =>
  from === undefined || to === undefined ? '-' : String(Math.round((to - from) / 1000));

function report(): string {
  const rows = allLines().map((line) => [
    line.expected.alert,
    cell(line.injected, line.pending),
    cell(line.injected, line.firing),
    line.expected.silenced ? 'silenced' : cell(line.injected, line.arrived),
    cell(line.cleared, line.resolved),
    line.mistake ?? '',
  ]);
  return table([['ALERT', 'PENDING', 'FIRES', 'ARRIVES', 'RESOLVES', ''], ...rows]);
}

const badRule = (text: string | null) =>
  kubectl(target, [
    'patch',
    'configmap',
    'prometheus-rules',
    '--type=merge',
    `--patch=${JSON.stringify({ data: { 'bad.yaml': text } })}`,
  ]);

async function run(): Promise<void> {
  const receiver = await Receiver.deploy(session);
  const settings = profile(session.settings);
  try {
    say('deploying a profile with short times, and three faults of its own');
    await badRule('groups: [{ name: bad, rules: [{ record: bad, expr: up * on () up }] }]');
    await deploy(session, profile(session.settings, broken));
    const repair = async () => {
      await badRule(null);
      await deploy(session, settings);
    };
    await drive({ session, receiver, urls, repair });
    const watchdog = (await receiver.received()).some(
      ({ alert }) => alert.labels.alertname === 'Watchdog',
    );
    say(`\nSeconds from the fault, and from its end:\n${report()}`);
    const reasons = Object.entries(unmade).map(([name, reason]) => [name, reason]);
    say(`\nNot made here:\n${table(reasons)}`);
    const bad = allLines().filter(
      ({ arrived, firing, resolved, mistake }) =>
        [arrived, firing, resolved].includes(undefined) || mistake !== undefined,
    );
    if (!watchdog) throw new UserError('the watchdog did not arrive');
    if (bad.length > 0) {
      throw new UserError(`not as it should be: ${bad.map(({ expected }) => expected.alert)}`);
    }
  } finally {
    say('\nputting everything back');
    await disconnect();
    await receiver.close();
    await badRule(null);
    await kubectl(target, ['scale', 'statefulset/tempo', 'deployment/customers', '--replicas=1']);
    await deploy(session, session.settings);
    await clearFaults(session);
    await Receiver.remove(session);
  }
}

try {
  await run();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
