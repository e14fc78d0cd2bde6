import { performance } from 'node:perf_hooks';
import { synthesize } from '../../charts/synth.ts';
import type { Settings } from '../../lib/schema.ts';
import { apply, applyNamespace } from '../cluster/apply.ts';
import { kubectl, type Target } from '../cluster/kubectl.ts';
import { imagesOf, readManifests } from '../cluster/manifests.ts';
import { isLoadTest, prune } from '../cluster/prune.ts';
import { waitForRollout } from '../cluster/rollout.ts';
import { readLogin } from '../cluster/secret.ts';
import { type Session, targetOf } from '../cluster/session.ts';
import { hostUrls, withForwards } from '../connections/connections.ts';
import { withLock } from '../deploy/state/lock.ts';
import { appImageReference, buildAppImage } from '../local/app-image.ts';
import { portMappings } from '../local/host-ports.ts';
import {
  actualMappings,
  clusterExists,
  createCluster,
  ensureContext,
  missingMappings,
  nodeNames,
  startNodes,
} from '../local/kind.ts';
import { inspectImages, loadImages } from '../local/node-images.ts';
import { preflight } from '../local/preflight.ts';
import { messageOf, UserError } from '../process/errors.ts';
import { say, secondsSince, step, warn } from '../process/output.ts';
import { retryUntil } from '../process/retry.ts';
import { tempDir } from '../process/temp-dir.ts';
import { restartUsersOf } from './restart.ts';
import { smokeTest } from './smoke-test.ts';
import { welcome } from './welcome.ts';

/** From nothing, or from whatever is there, to a local cluster that runs the stack. */
export async function kindUp(settings: Settings, forceUnlock = false): Promise<void> {
  const start = performance.now();
  // Whatever KUBE_CONTEXT says: this command makes its own cluster.
  const session: Session = { settings, target: targetOf(settings) };
  const { target } = session;
  await preflight(settings);
  const outdir = tempDir('kind');
  synthesize(settings, outdir, { local: true });
  const manifests = readManifests(outdir);
  const references = imagesOf(manifests);
  const appReference = appImageReference(settings);
  if (references.includes(appReference)) {
    await step(
      () => buildAppImage(appReference),
      () => `image ${appReference} built`,
    );
  }
  await ensureCluster(settings);
  const pulled = await loadMissing(session, references, appReference);
  // The lock is in it.
  await applyNamespace(target, outdir);
  await withLock(target, { doing: 'bringing up', force: forceUnlock }, async () => {
    await step(
      () => apply(target, outdir),
      (count) => `${count} objects applied to namespace ${target.namespace}`,
    );
    for (const name of await prune(target, manifests, isLoadTest))
      say(`${name} removed: no longer part of Mantis`);
    say('waiting for the components');
    await waitForRollout(target, { timeoutSeconds: pulled.length > 0 ? 900 : 300 });
  });
  const traceId = settings.testApp.enabled ? await smoke(session) : undefined;
  const [urls, login] = await Promise.all([hostUrls(session), readLogin(target)]);
  say(`\nMantis is up after ${secondsSince(start)} s (kubectl context ${target.context})\n`);
  say(welcome({ target, urls, login, traceId }));
}

async function ensureCluster(settings: Settings): Promise<void> {
  const { clusterName } = settings.kind;
  if (!(await clusterExists(clusterName))) {
    await step(
      () => createCluster(settings),
      () => `kind cluster ${clusterName} created`,
    );
    return;
  }
  const nodes = await nodeNames(clusterName);
  await startNodes(nodes);
  await ensureContext(clusterName);
  await answering(targetOf(settings));
  say(`kind cluster ${clusterName} is there`);
  const missing = missingMappings(portMappings(settings), await actualMappings(nodes));
  for (const { name, hostPort } of missing) {
    warn(
      `kind.hostPorts.${name} is ${hostPort}, but the cluster was created without it: host ports change with make kind-down kind-up (stored data goes with the cluster)`,
    );
  }
}

/** A node that was stopped takes a while until its API server is back. */
async function answering(target: Target): Promise<void> {
  const ready = () => kubectl(target, ['get', '--raw', '/readyz']);
  await retryUntil('the API server answers', ready, { timeoutSeconds: 120 }).catch(
    (error: unknown) => {
      throw new UserError(
        `${messageOf(error)}\n  make kind-down kind-up makes the cluster anew (stored data goes with it)`,
      );
    },
  );
}

/** Loads what is on this machine; gives what the cluster has to pull. */
async function loadMissing(
  { settings, target }: Session,
  references: readonly string[],
  appReference: string,
): Promise<readonly string[]> {
  const { clusterName } = settings.kind;
  const plan = await inspectImages(clusterName, references);
  const failed = await step(
    () => loadImages(clusterName, plan.load),
    () => `images: ${plan.load.length} loaded, ${plan.present.length} there already`,
  );
  if (failed.includes(appReference)) {
    throw new UserError(
      `${appReference} could not be loaded into the cluster, and no registry has it: try make kind-down kind-up`,
    );
  }
  // The others are pinned: under the same tag they cannot have changed. Docker's containerd store
  // gives ids that never equal the node's (kind issue 4236), so they may count as loaded each time.
  await restartUsersOf(
    target,
    plan.load.filter((reference) => reference === appReference),
  );
  const pulled = [...plan.pull, ...failed];
  if (pulled.length > 0) say(`images: the cluster pulls ${pulled.join(', ')}`);
  return pulled;
}

async function smoke(session: Session): Promise<string> {
  say('sending a request through the shop');
  const { shop } = await hostUrls(session);
  const sent = await withForwards(session, ['shop', 'prometheus', 'loki', 'tempo'], (urls) =>
    smokeTest({ ...urls, shop: shop ?? urls.shop }, session.settings),
  );
  return sent.traceId;
}
