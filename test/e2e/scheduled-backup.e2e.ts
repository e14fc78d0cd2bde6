import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { createSilence, expireSilence } from '../../bench/drill/silences.ts';
import { backupSettings } from '../../lib/backup/settings.ts';
import { leaseName } from '../../lib/model/lease.ts';
import { FakeS3 } from '../../ops/backup/s3/testing/fake-s3.ts';
import { kubectl, kubectlJson } from '../../ops/cluster/kubectl.ts';
import { deploy } from '../../ops/deploy/deploy.ts';
import { runEngine } from '../../ops/local/engine.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { queryPrometheus } from '../../ops/stores/prometheus.ts';
import { eventually, session, withUrls } from './cluster.ts';
import { runMantis } from './command.ts';
import { describeOnRequest } from './on-request.ts';
import { grantedPermissionsOf, serviceAccountUser } from './permissions.ts';
import { silenceState } from './silence.ts';

/** Needs a local kind cluster: its pods reach a server in memory on this machine. */
const { settings, target } = session;
const credentials = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret-of-e2e' };
const secret = 'e2e-backup';
const s3 = new FakeS3('backups');
const directory = mkdtempSync(join(tmpdir(), 'mantis-'));
const quick = { yes: true, wait: '6m', timeout: '40s', doctor: false };
let variables: Record<string, string> = {};

const jobSchema = z.object({
  status: z.object({ succeeded: z.number().default(0), failed: z.number().default(0) }),
});

/** Runs the CronJob of a store now; gives the log of its pod. */
async function runNow(store: string, name: string): Promise<string> {
  await kubectl(target, ['create', 'job', `--from=cronjob/backup-${store}`, name]);
  return ended(name);
}

async function ended(name: string): Promise<string> {
  const succeeded = await eventually(`the end of ${name}`, async () => {
    const { status } = await kubectlJson(target, jobSchema, ['get', 'job', name]);
    if (status.succeeded > 0) return true;
    if (status.failed > 1) return false;
    throw new RetryLater(JSON.stringify(status));
  });
  const log = await kubectl(target, ['logs', `job/${name}`]);
  if (succeeded) return log;
  throw new Error(log);
}

const kept = (store: string) =>
  [...s3.objects.keys()].filter((key) => key.startsWith(`e2e/${store}/`)).sort();

describeOnRequest('scheduled backups', () => {
  beforeAll(async () => {
    const local = await s3.start('0.0.0.0');
    variables = { ...credentials, ...(local as Record<string, string>) };
    const port = Number(new URL(local.AWS_ENDPOINT_URL_S3 ?? '').port);
    const gateway = await runEngine([
      ...['network', 'inspect', 'kind', '--format', '{{(index .IPAM.Config 0).Gateway}}'],
    ]);
    await kubectl(target, [
      ...['create', 'secret', 'generic', secret],
      ...Object.entries(credentials).map(([key, value]) => `--from-literal=${key}=${value}`),
    ]);
    const backup = backupSettings.parse({
      schedule: '0 3 1 1 *',
      stores: ['alertmanager', 'loki'],
      url: 's3://backups/e2e',
      endpoint: `http://${gateway.trim()}:${port}`,
      secret,
      egress: [{ cidr: `${gateway.trim()}/32`, port }],
      keep: 1,
    });
    await deploy({ target, settings: { ...settings, backup } }, quick);
  });

  afterAll(async () => {
    await deploy(session, quick);
    await kubectl(target, ['delete', 'secret', secret, '--ignore-not-found']);
    await s3.stop();
    rmSync(directory, { recursive: true });
  });

  test('the ServiceAccount may scale these stores, read their pods and hold the Lease', async () => {
    expect(await grantedPermissionsOf(serviceAccountUser('backup'))).toEqual([
      ' pods[alertmanager-0,loki-0] get',
      'apps statefulsets/scale[alertmanager,loki] get,patch',
      'coordination.k8s.io leases create',
      `coordination.k8s.io leases[${leaseName}] get,update`,
    ]);
  });

  test('two backups at once run one after the other, and are reported', async () => {
    const logs = await Promise.all(
      ['alertmanager', 'loki'].map((store) => runNow(store, `e2e-${store}`)),
    );
    expect(logs.join('')).toMatch(/waits for backup-|waits for e2e-/);
    for (const store of ['alertmanager', 'loki']) expect(kept(store)).toHaveLength(3);
    await withUrls(['prometheus'], ({ prometheus }) =>
      eventually('the metric of both', async () => {
        const found = await queryPrometheus(
          prometheus,
          'time() - mantis_backup_completion_timestamp_seconds < 300',
        );
        if (found.length < 2) throw new RetryLater(`${found.length}`);
      }),
    );
  });

  test('./mantis lists, verifies and restores them, and only the newest are kept', async () => {
    const silence = await withUrls(['alertmanager'], ({ alertmanager }) =>
      createSilence(alertmanager, 'scheduled-backup-e2e'),
    );
    const first = kept('alertmanager');
    await runNow('alertmanager', 'e2e-again');
    expect(kept('alertmanager')).toHaveLength(3);
    expect(kept('alertmanager')).not.toEqual(first);
    await withUrls(['alertmanager'], ({ alertmanager }) => expireSilence(alertmanager, silence));
    const location = 's3://backups/e2e/alertmanager';
    const run = (...args: string[]) => runMantis([...args, '--dir', directory], variables);
    const listed = await runMantis(['backup', 'list', '--s3', location], variables);
    expect(listed.stdout).toContain(`namespace ${target.namespace} of ${settings.clusterName}`);
    expect((await run('backup', 'verify', `${location}/latest`)).stdout).toContain('is valid');
    const restored = await run('restore', `${location}/latest`, '--yes');
    expect({ code: restored.code, errors: restored.stderr }).toMatchObject({ code: 0 });
    const state = await withUrls(['alertmanager'], ({ alertmanager }) =>
      silenceState(alertmanager, silence),
    );
    expect(state).toBe('active');
  });

  test('a store that a killed pod has stopped is started and backed up', async () => {
    const lease = {
      holderIdentity: 'backup-alertmanager-1',
      renewTime: '2020-01-01T00:00:00.000000Z',
    };
    await kubectl(target, [
      ...['patch', 'lease', leaseName, '--type=merge'],
      `--patch=${JSON.stringify({ spec: lease })}`,
    ]);
    await kubectl(target, ['scale', '--replicas=0', 'statefulset/alertmanager']);
    expect(await runNow('alertmanager', 'e2e-killed')).toContain('alertmanager was down for');
  });

  test('a store that is scaled to 0 on purpose stays so', async () => {
    await kubectl(target, ['scale', '--replicas=0', 'statefulset/alertmanager']);
    try {
      await expect(runNow('alertmanager', 'e2e-off')).rejects.toThrow('is scaled to 0');
    } finally {
      await kubectl(target, ['scale', '--replicas=1', 'statefulset/alertmanager']);
    }
  });

  test('a server that refuses is named, and the store is not stopped', async () => {
    await kubectl(target, ['wait', '--for=condition=Ready', 'pod/alertmanager-0', '--timeout=60s']);
    const uid = () =>
      kubectl(target, ['get', 'pod', 'alertmanager-0', '--output=jsonpath={.metadata.uid}']);
    const before = await uid();
    s3.refusals = { '*': { status: 403, code: 'AccessDenied' } };
    try {
      await expect(runNow('alertmanager', 'e2e-refused')).rejects.toThrow('403 AccessDenied');
    } finally {
      s3.refusals = {};
    }
    expect(await uid()).toBe(before);
  });
});
