import { synthesizeCustomers, synthesizeLoadTest } from '../../charts/synth.ts';
import { loadTestName } from '../../lib/jobs/load.ts';
import { images } from '../../lib/model/images.ts';
import { mixNames } from '../../test-app/load/mixes.ts';
import { applyFiles } from '../cluster/apply.ts';
import { ensureImage, exitCode, follow, type Job, started } from '../cluster/job.ts';
import { exists, kubectl } from '../cluster/kubectl.ts';
import type { Session } from '../cluster/session.ts';
import { UserError } from '../process/errors.ts';
import { say } from '../process/output.ts';
import { seconds } from '../process/seconds.ts';
import { tempDir } from '../process/temp-dir.ts';
import { loadFiles } from './load-files.ts';

export interface LoadOptions {
  /** Journeys begun per second. */
  readonly rate: string;
  /** How long, such as 2m. */
  readonly duration: string;
  /** Which journeys. */
  readonly mix: string;
}

const job: Job = { name: loadTestName, what: 'the load test', image: images.k6 };

/** Lets k6 drive the shop from within the cluster, shows its result, and removes it again. */
export async function load(session: Session, options: LoadOptions): Promise<void> {
  const { target } = session;
  const outdir = tempDir('load');
  const wanted = parseLoad(options);
  await requireShop(session);
  await ensureImage(session, job);
  synthesizeLoadTest(session.settings, outdir, { ...wanted, files: loadFiles() });
  // A Job cannot be changed, so one that is there has to go first.
  await stopLoad(session, { quiet: true });
  await applyFiles(target, outdir);
  say(
    `${wanted.rate} journeys a second of mix ${wanted.mix} for ${wanted.seconds} s; ./mantis load stop ends it`,
  );
  await started(session, job);
  await follow(target, job);
  const code = await exitCode(target, job);
  await stopLoad(session, { quiet: true });
  if (code !== 0) throw new UserError(verdict(code));
}

/** Ends a load test that is under way. */
export async function stopLoad({ target }: Session, { quiet = false } = {}): Promise<void> {
  const names = [`job/${loadTestName}`, `configmap/${loadTestName}`];
  const deleted = await kubectl(target, ['delete', ...names, '--ignore-not-found', '--wait=true']);
  if (!quiet) say(deleted.trim() || 'no load test is under way');
}

/** Lets customers into the shop of any cluster: a light load that never ends. */
export async function demo(session: Session): Promise<void> {
  const { settings, target } = session;
  if (settings.kind.journeysPerSecond === 0) {
    throw new UserError('kind.journeysPerSecond is 0: nobody would come');
  }
  await requireShop(session);
  const outdir = tempDir('customers');
  synthesizeCustomers(settings, outdir);
  await applyFiles(target, outdir);
  const end = `kubectl --context ${target.context} -n ${target.namespace} delete deployment customers`;
  say(`${settings.kind.journeysPerSecond} customers a second are on their way; to end it: ${end}`);
}

/** Takes what was asked for. @throws UserError */
export function parseLoad({ rate, duration, mix }: LoadOptions) {
  if (!/^\d{1,4}(\.\d+)?$/.test(rate) || Number(rate) <= 0 || Number(rate) > 1000) {
    throw new UserError(`RATE must be a number above 0, at most 1000, got "${rate}"`);
  }
  if (!mixNames.some((name) => name === mix)) {
    throw new UserError(`MIX must be one of ${mixNames.join(', ')}, got "${mix}"`);
  }
  return { rate: Number(rate), seconds: seconds('DURATION', duration), mix };
}

async function requireShop({ target }: Session): Promise<void> {
  if (await exists(target, 'service', 'shop')) return;
  throw new UserError(
    `there is no shop in namespace ${target.namespace} of context ${target.context}: the test app has to be deployed (testApp.enabled)`,
  );
}

/** What k6 means by its exit codes (https://grafana.com/docs/k6/latest/misc/fault-codes/). */
export function verdict(code: number): string {
  if (code === 99) return 'more than 5 % of the answers were not as expected';
  return `k6 ended with exit code ${code}`;
}
