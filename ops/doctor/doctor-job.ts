import { rmSync } from 'node:fs';
import { z } from 'zod';
import { synthesizeDoctor } from '../../charts/synth-local.ts';
import { doctorJobName } from '../../lib/jobs/doctor-job-contract.ts';
import { images } from '../../lib/model/images.ts';
import { servicesOf } from '../../lib/model/ports.ts';
import { applyManifests } from '../cluster/apply.ts';
import { ensureImage, type Job, waitUntilStarted } from '../cluster/job.ts';
import { kubectl, kubectlJson, kubectlOnExit, type Target } from '../cluster/kubectl.ts';
import type { Session } from '../cluster/session.ts';
import { UserError } from '../process/errors.ts';
import { tempDir } from '../process/temp-dir.ts';
import { bundle } from './bundle.ts';
import { doctorPlan } from './model/doctor-plan.ts';
import { areas, type Finding, statuses } from './model/finding.ts';

const job: Job = { name: doctorJobName, description: "the doctor's pod", image: images.node };

/**
 * Runs the checks in a pod of the cluster, which has the network access of an app. All objects belong
 * to one Job and are deleted with it.
 *
 * @throws UserError if the pod prints no report
 */
export async function runChecksInJob(session: Session, timeoutSeconds: number): Promise<Finding[]> {
  const { target, settings } = session;
  const outdir = tempDir('doctor');
  const files = await bundle(doctorPlan(settings, timeoutSeconds));
  // Four hops a signal, each within the timeout; the rest is for pulling the image.
  const deadlineSeconds = 300 + 6 * timeoutSeconds;
  await ensureImage(session, job);
  // Ends a Job of another run, which may be left over: there can be one at a time.
  await remove(target);
  const cancelCleanup = kubectlOnExit(target, [...deletion, '--wait=false']);
  try {
    const applyJob = async (configMap?: Parameters<typeof synthesizeDoctor>[2]['configMap']) => {
      rmSync(outdir, { recursive: true, force: true });
      synthesizeDoctor(settings, outdir, { deadlineSeconds, configMap });
      await applyManifests(target, outdir);
    };
    await applyJob();
    await applyJob({ files, owner: await readOwner(target) });
    await waitUntilStarted(session, job);
    return parseFindings(await kubectl(target, ['logs', '--follow', `job/${doctorJobName}`]));
  } finally {
    await remove(target);
    cancelCleanup();
  }
}

const deletion = ['delete', 'job', doctorJobName, '--ignore-not-found'];

/** In the foreground: returns when the objects that the Job owns are gone too. */
async function remove(target: Target): Promise<void> {
  await kubectl(target, [...deletion, '--cascade=foreground', '--wait=true']);
}

const jobSchema = z.object({ metadata: z.object({ uid: z.string() }) });

async function readOwner(target: Target) {
  const { metadata } = await kubectlJson(target, jobSchema, ['get', 'job', doctorJobName]);
  const { uid } = metadata;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    name: doctorJobName,
    uid,
    blockOwnerDeletion: true,
  };
}

const findingsSchema = z.array(
  z.object({
    area: z.enum(areas),
    hop: z.string(),
    suspects: z.array(z.enum([...servicesOf('stack'), ...servicesOf('testApp')])),
    cause: z.string().optional(),
    certain: z.boolean().optional(),
    status: z.enum(statuses),
    seen: z.string(),
  }),
);

/** Parses the last line of the pod's log. @throws UserError with the end of the log if it is no report */
export function parseFindings(log: string): Finding[] {
  const lines = log.trim().split('\n');
  try {
    return findingsSchema.parse(JSON.parse(lines.at(-1) ?? ''));
  } catch {
    const end = lines.slice(-5).join('\n  ') || 'its log is empty';
    throw new UserError(`the doctor's pod printed no report: ${end}`);
  }
}
