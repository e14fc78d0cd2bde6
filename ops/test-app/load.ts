import { readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { synthesizeCustomers, synthesizeLoadTest } from '../../charts/synth-local.ts';
import { loadTestName } from '../../lib/jobs/load.ts';
import { images } from '../../lib/model/images.ts';
import { mixNames } from '../../test-app/load/mixes.ts';
import { applyManifests } from '../cluster/apply.ts';
import {
  ensureImage,
  followLogs,
  type Job,
  waitForExitCode,
  waitUntilStarted,
} from '../cluster/job.ts';
import { exists, kubectl } from '../cluster/kubectl.ts';
import type { Session } from '../cluster/session.ts';
import { shippedFile } from '../local/shipped-file.ts';
import { parseSeconds } from '../process/duration.ts';
import { UserError } from '../process/errors.ts';
import { print } from '../process/output.ts';
import { tempDir } from '../process/temp-dir.ts';

export interface LoadOptions {
  readonly rate: string;
  readonly duration: string;
  readonly mix: string;
}

const job: Job = { name: loadTestName, description: 'the load test', image: images.k6 };

/** `make load`: runs k6 as a Job in the cluster, prints its output, and deletes the Job. */
export async function runLoadTest(session: Session, options: LoadOptions): Promise<void> {
  const { target } = session;
  const outdir = tempDir('load');
  const { rate, seconds, mix } = parseLoadOptions(options);
  await requireShop(session);
  await ensureImage(session, job);
  const files = scriptWithImports();
  synthesizeLoadTest(session.settings, outdir, { rate, seconds, mix, files });
  // The pod template of a Job is immutable, so an existing one is deleted first.
  await stopLoadTest(session, { quiet: true });
  await applyManifests(target, outdir);
  print(`${rate} journeys per second of mix ${mix} for ${seconds} s; ./mantis load stop ends it`);
  await waitUntilStarted(session, job);
  await followLogs(target, job);
  const code = await waitForExitCode(target, job);
  await stopLoadTest(session, { quiet: true });
  if (code !== 0) throw new UserError(explainExitCode(code));
}

/** `./mantis load stop`: deletes the Job of a load test. */
export async function stopLoadTest({ target }: Session, { quiet = false } = {}): Promise<void> {
  const names = [`job/${loadTestName}`, `configmap/${loadTestName}`];
  const deleted = await kubectl(target, ['delete', ...names, '--ignore-not-found', '--wait=true']);
  if (!quiet) print(deleted.trim() || 'no load test is running');
}

/** `./mantis demo`: deploys the background load, which `make kind-up` deploys on the local cluster. */
export async function startBackgroundLoad(session: Session): Promise<void> {
  const { settings, target } = session;
  const { journeysPerSecond: rate } = settings.kind;
  if (rate === 0) throw new UserError('kind.journeysPerSecond is 0: there would be no load');
  await requireShop(session);
  const outdir = tempDir('background-load');
  synthesizeCustomers(settings, outdir);
  await applyManifests(target, outdir);
  const end = `kubectl --context ${target.context} -n ${target.namespace} delete deployment customers`;
  print(`background load of ${rate} journeys per second is deployed; to end it: ${end}`);
}

export function parseLoadOptions({ rate, duration, mix }: LoadOptions) {
  if (!/^\d{1,4}(\.\d+)?$/.test(rate) || Number(rate) <= 0 || Number(rate) > 1000) {
    throw new UserError(`--rate must be a number above 0, at most 1000, got "${rate}"`);
  }
  if (!mixNames.some((name) => name === mix)) {
    throw new UserError(`--mix must be one of ${mixNames.join(', ')}, got "${mix}"`);
  }
  return { rate: Number(rate), seconds: parseSeconds('--duration', duration), mix };
}

async function requireShop({ target }: Session): Promise<void> {
  if (await exists(target, 'service', 'shop')) return;
  throw new UserError(
    `there is no Service shop in namespace ${target.namespace} of context ${target.context}: deploy the test app (testApp.enabled)`,
  );
}

/** Explains an exit code of k6 (https://grafana.com/docs/k6/latest/misc/fault-codes/). */
export function explainExitCode(code: number): string {
  if (code === 99) return 'more than 5 % of the responses were not as expected';
  return `k6 failed with exit code ${code}`;
}

/** The k6 script and the files that it imports, by their paths below test-app/. */
export function scriptWithImports(): Record<string, string> {
  const files: Record<string, string> = {};
  const add = (path: string): void => {
    if (path in files) return;
    const text = readFileSync(shippedFile(join('test-app', path)), 'utf8');
    files[path] = text;
    for (const [, imported = ''] of text.matchAll(/ from '(\.[^']+)'/g)) {
      add(normalize(join(path, '..', imported)));
    }
  };
  add('load/k6.ts');
  return files;
}
