import { z } from 'zod';
import { alertmanagerSettings } from '../../lib/alertmanager/settings.ts';
import { backupSettings } from '../../lib/backup/settings.ts';
import { egressProxySettings } from '../../lib/settings/networks.ts';
import { kubectl, kubectlJson } from '../../ops/cluster/kubectl.ts';
import { deploy } from '../../ops/deploy/deploy.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { eventually, session } from './cluster.ts';
import { runDoctor } from './doctor.ts';
import { idlePod } from './idle-pod.ts';
import { describeOnRequest } from './on-request.ts';

const { settings, target } = session;
const proxy = { ...target, namespace: `${target.namespace}-e2e-proxy` };
const port = 3128;
const secret = 'e2e-backup';
const quick = { yes: true, wait: '6m', timeout: '40s', doctor: false };

/** A proxy that prints what it is asked for, and answers as if it had no route. */
const program = `
require('node:http')
  .createServer((request, response) => {
    console.log(request.method, request.url);
    request.resume().on('end', () => response.writeHead(502).end());
  })
  .on('connect', (request, socket) => {
    console.log('CONNECT', request.url);
    socket.end('HTTP/1.1 502 Bad Gateway\\r\\n\\r\\n');
  })
  .listen(${port});`;

const podSchema = z.object({ status: z.object({ podIP: z.string() }) });
const webhook = (name: string, url: string) => ({ name, severities: ['none'], webhook: { url } });

describeOnRequest('an egress proxy', () => {
  beforeAll(async () => {
    await kubectl(target, ['create', 'namespace', proxy.namespace]);
    await kubectl(proxy, ['apply', '--filename=-'], { input: idlePod('proxy', program) });
    await kubectl(proxy, ['wait', '--for=condition=Ready', 'pod/proxy', '--timeout=60s']);
    const { status } = await kubectlJson(proxy, podSchema, ['get', 'pod', 'proxy']);
    const credentials = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
    await kubectl(target, [
      ...['create', 'secret', 'generic', secret],
      ...credentials.map((key) => `--from-literal=${key}=x`),
    ]);
    const { receivers } = alertmanagerSettings.parse({
      receivers: [
        webhook('plain', 'http://plain.example.invalid/hook'),
        webhook('encrypted', 'https://encrypted.example.invalid/hook'),
      ],
    });
    const backup = backupSettings.parse({
      schedule: '0 3 1 1 *',
      stores: ['alertmanager'],
      url: 's3://backups',
      endpoint: 'http://s3.example.invalid',
      secret,
    });
    const egressProxy = egressProxySettings.parse({
      url: `http://${status.podIP}:${port}`,
      cidr: `${status.podIP}/32`,
    });
    const alertmanager = { ...settings.alertmanager, receivers };
    const changed = { ...settings, alertmanager, backup, egressProxy };
    await deploy({ target, settings: changed }, quick);
  });

  afterAll(async () => {
    await deploy(session, quick);
    await kubectl(target, ['delete', 'secret', secret, '--ignore-not-found']);
    await kubectl(target, ['delete', 'namespace', proxy.namespace, '--wait=false']);
  });

  const requests = async () => (await kubectl(proxy, ['logs', 'pod/proxy'])).trim().split('\n');
  const seen = (wanted: string) =>
    eventually(wanted, async () => {
      if (!(await requests()).some((line) => line.includes(wanted))) {
        throw new RetryLater((await requests()).join(', '));
      }
    });

  test('notifications of Alertmanager go through it', async () => {
    await seen('POST http://plain.example.invalid/hook');
    await seen('CONNECT encrypted.example.invalid:443');
  });

  test('a scheduled backup goes through it', async () => {
    await kubectl(target, ['create', 'job', '--from=cronjob/backup-alertmanager', 'e2e-proxy']);
    await seen('s3.example.invalid');
    await kubectl(target, ['delete', 'job', 'e2e-proxy']);
  });

  test('nothing within the cluster goes through it', async () => {
    const { report } = await runDoctor('40s');
    expect(report.broken).toEqual([]);
    const elsewhere = (await requests()).filter((line) => !line.includes('.example.invalid'));
    expect(elsewhere).toEqual([]);
  });
});
