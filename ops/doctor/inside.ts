import { rmSync } from 'node:fs';
import { z } from 'zod';
import { synthesizeDoctor } from '../../charts/synth.ts';
import { doctorName } from '../../lib/jobs/doctor-names.ts';
import { images } from '../../lib/model/images.ts';
import { ports } from '../../lib/model/topology.ts';
import { applyFiles } from '../cluster/apply.ts';
import { kubectlOnExit } from '../cluster/cleanup.ts';
import { ensureImage, type Job, started } from '../cluster/job.ts';
import { kubectl, kubectlJson, type Target } from '../cluster/kubectl.ts';
import type { Session } from '../cluster/session.ts';
import { UserError } from '../process/errors.ts';
import { tempDir } from '../process/temp-dir.ts';
import { bundle } from './bundle.ts';
import { areas, type Finding, statuses } from './model/finding.ts';
import { planOf } from './model/plan.ts';

const job: Job = { name: doctorName, what: "the doctor's pod", image: images.node };

/**
 * Looks from a pod of the cluster, which reaches everything as apps do. Everything that this needs
 * belongs to one Job, and goes with it.
 *
 * @throws UserError where the pod gives no report
 */
export async function examineInside(session: Session, timeoutSeconds: number): Promise<Finding[]> {
  const { target, settings } = session;
  const outdir = tempDir('doctor');
  const files = await bundle(planOf(settings, timeoutSeconds));
  // A signal goes four hops, each within the timeout; the rest is for the image.
  const deadlineSeconds = 300 + 6 * timeoutSeconds;
  await ensureImage(session, job);
  // Another's is ended: there can be one at a time, and it may be left over.
  await remove(target);
  const settled = kubectlOnExit(target, [...deletion, '--wait=false']);
  try {
    const put = async (given?: Parameters<typeof synthesizeDoctor>[2]['given']) => {
      rmSync(outdir, { recursive: true, force: true });
      synthesizeDoctor(settings, outdir, { deadlineSeconds, given });
      await applyFiles(target, outdir);
    };
    await put();
    await put({ files, owner: await ownerIn(target) });
    await started(session, job);
    return parseFindings(await kubectl(target, ['logs', '--follow', `job/${doctorName}`]));
  } finally {
    await remove(target);
    settled();
  }
}

const deletion = ['delete', 'job', doctorName, '--ignore-not-found'];

/** In the foreground: what the Job owns is gone before it is. */
async function remove(target: Target): Promise<void> {
  await kubectl(target, [...deletion, '--cascade=foreground', '--wait=true']);
}

const jobSchema = z.object({ metadata: z.object({ uid: z.string() }) });

async function ownerIn(target: Target) {
  const { metadata } = await kubectlJson(target, jobSchema, ['get', 'job', doctorName]);
  const { uid } = metadata;
  return { apiVersion: 'batch/v1', kind: 'Job', name: doctorName, uid, blockOwnerDeletion: true };
}

const findingsSchema = z.array(
  z.object({
    area: z.enum(areas),
    hop: z.string(),
    suspects: z.array(z.enum(Object.keys(ports) as [keyof typeof ports])),
    cause: z.string().optional(),
    status: z.enum(statuses),
    seen: z.string(),
  }),
);

/** Reads the line that a pod ends with. @throws UserError with its last lines where there is none */
export function parseFindings(log: string): Finding[] {
  const lines = log.trim().split('\n');
  try {
    return findingsSchema.parse(JSON.parse(lines.at(-1) ?? ''));
  } catch {
    const end = lines.slice(-5).join('\n  ') || 'it said nothing';
    throw new UserError(`the doctor's pod gave no report: ${end}`);
  }
}
