import { performance } from 'node:perf_hooks';
import { synthesizeDeployment } from '../../charts/synth-local.ts';
import { basePathOf } from '../../lib/model/base-path.ts';
import { labelKeys } from '../../lib/model/labels.ts';
import type { Settings } from '../../lib/schema.ts';
import { applyNamespace } from '../cluster/apply.ts';
import { kubectl, type Target } from '../cluster/kubectl.ts';
import { imagesOf, readManifests } from '../cluster/manifests.ts';
import { isLoadTest } from '../cluster/prune.ts';
import { readAdminLogin } from '../cluster/secret.ts';
import { type Session, targetOf } from '../cluster/session.ts';
import { hostUrls, withForwards } from '../connections/endpoint-urls.ts';
import { applyAndWait, verifyTelemetry } from '../deploy/apply-or-rollback.ts';
import { withLock } from '../deploy/state/lock.ts';
import { appImageReference, buildAppImage } from '../local/build-app-image.ts';
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
import { print, printWarning, runStep, secondsSince } from '../process/output.ts';
import { RetryLater, retryUntil } from '../process/retry.ts';
import { tempDir } from '../process/temp-dir.ts';
import { sendTracked } from '../stores/tracked-request.ts';
import { ordersPath, welcome } from './welcome.ts';

/**
 * `make kind-up`: creates the local cluster or uses the existing one, deploys the stack and
 * verifies that telemetry arrives.
 */
export async function kindUp(settings: Settings, forceUnlock = false): Promise<void> {
  const start = performance.now();
  // KUBE_CONTEXT is ignored: this command creates its own cluster.
  const session: Session = { settings, target: targetOf(settings) };
  const { target } = session;
  await preflight(settings);
  const outdir = tempDir('kind');
  synthesizeDeployment(settings, outdir, { local: true });
  const references = imagesOf(readManifests(outdir));
  const appReference = appImageReference(settings);
  if (references.includes(appReference)) {
    await runStep(
      () => buildAppImage(appReference),
      () => `image ${appReference} built`,
    );
  }
  await ensureCluster(settings);
  const pulled = await loadImagesIntoCluster(session, references, appReference);
  // The namespace of the lock.
  await applyNamespace(target, outdir);
  await withLock(target, { operation: 'bringing up', force: forceUnlock }, async () => {
    await applyAndWait(target, outdir, isLoadTest, pulled.length > 0 ? 900 : 300);
  });
  await verifyTelemetry(session, 40);
  const traceId = settings.testApp.enabled ? await requestShop(session) : undefined;
  const [urls, login] = await Promise.all([hostUrls(session), readAdminLogin(target)]);
  print(`\nMantis is up after ${secondsSince(start)} s (kubectl context ${target.context})\n`);
  const grafanaPath = basePathOf('grafana', settings);
  print(welcome({ target, urls, login, traceId, grafanaPath }));
}

async function ensureCluster(settings: Settings): Promise<void> {
  const { clusterName } = settings.kind;
  if (!(await clusterExists(clusterName))) {
    await runStep(
      () => createCluster(settings),
      () => `kind cluster ${clusterName} created`,
    );
    return;
  }
  const nodes = await nodeNames(clusterName);
  await startNodes(nodes);
  await ensureContext(clusterName);
  await waitForApiServer(targetOf(settings));
  print(`kind cluster ${clusterName} exists`);
  const missing = missingMappings(portMappings(settings), await actualMappings(nodes));
  for (const { name, hostPort } of missing) {
    printWarning(
      `kind.hostPorts.${name} is ${hostPort}, but the cluster was created without it: ./mantis kind-down && ./mantis kind-up recreates the cluster (and deletes its data)`,
    );
  }
}

/** The API server of a node that was stopped takes a while to start. */
async function waitForApiServer(target: Target): Promise<void> {
  const ready = () => kubectl(target, ['get', '--raw', '/readyz']);
  await retryUntil('the API server answers', ready, { timeoutSeconds: 120 }).catch(
    (error: unknown) => {
      throw new UserError(
        `${messageOf(error)}\n  ./mantis kind-down && ./mantis kind-up recreates the cluster (and deletes its data)`,
      );
    },
  );
}

/** Loads the images of this machine into the nodes. @returns those that the cluster has to pull */
async function loadImagesIntoCluster(
  { settings, target }: Session,
  references: readonly string[],
  appReference: string,
): Promise<readonly string[]> {
  const { clusterName } = settings.kind;
  const plan = await inspectImages(clusterName, references);
  const failed = await runStep(
    () => loadImages(clusterName, plan.load),
    () => `images: ${plan.load.length} loaded, ${plan.present.length} there already`,
  );
  if (failed.includes(appReference)) {
    throw new UserError(
      `${appReference} could not be loaded into the cluster, and is in no registry: try ./mantis kind-down && ./mantis kind-up`,
    );
  }
  // The other images do not change under their tags, but may count as loaded each time: ids in
  // Docker's containerd image store never equal the node's (kind issue 4236).
  if (plan.load.includes(appReference)) await restartTestApp(target);
  const pulled = [...plan.pull, ...failed];
  if (pulled.length > 0) print(`images: the cluster pulls ${pulled.join(', ')}`);
  return pulled;
}

/** Its image was built again under the same tag, so no manifest changes. */
async function restartTestApp(target: Target): Promise<void> {
  const selector = `--selector=${labelKeys.component}=test-app`;
  const kinds = 'deployments,statefulsets';
  const found = await kubectl(target, ['get', kinds, selector, '--output=name']);
  if (found.trim() !== '') await kubectl(target, ['rollout', 'restart', kinds, selector]);
}

/** Sends a request to the shop. @returns the id of its trace */
async function requestShop(session: Session): Promise<string> {
  const { shop } = await hostUrls(session);
  // The first connections to a node port may be refused, until kube-proxy has updated its rules.
  const { traceId } = await withForwards(session, ['shop'], (urls) =>
    retryUntil(
      'the shop answers',
      async () => {
        const request = await sendTracked(shop ?? urls.shop, ordersPath);
        if (request.status !== 200) throw new RetryLater(`status ${request.status}`);
        return request;
      },
      { timeoutSeconds: 90 },
    ),
  );
  return traceId;
}
