import { randomUUID } from 'node:crypto';
import { RetryLater } from '../../ops/process/retry.ts';
import { keyValues, metricsRequest } from '../../ops/stores/otlp.ts';
import { queryPrometheus } from '../../ops/stores/prometheus.ts';
import { eventually, withUrls } from './cluster.ts';
import { createAuthority, htpasswd, putSecret } from './external-authority.ts';
import {
  createOutside,
  deleteOutside,
  deployWith,
  type Outside,
  secrets,
} from './external-deployment.ts';
import { expectTraces, grpcSpans, now, oneSpan } from './external-items.ts';
import { sendGrpc, sendHttp } from './external-sender.ts';
import { describeOnRequest } from './on-request.ts';

const run = randomUUID().slice(0, 8);

describeOnRequest('other credentials of OTLP from outside', () => {
  let outside: Outside;

  beforeAll(async () => {
    outside = await createOutside();
  }, 60_000);

  afterAll(deleteOutside, 400_000);

  test('with basic auth and client certificates a sender needs both, and the user is the sender', async () => {
    await putSecret(secrets.credentials, { htpasswd: htpasswd('billing', 'right') });
    await deployWith(
      outside.access({
        tls: { secret: secrets.tls, clientCaSecret: secrets.ca },
        basicAuth: { secret: secrets.credentials },
        senderAttribute: 'tenant',
      }),
    );
    const service = `e2e-tenant-${run}`;
    const basic = (password: string) =>
      `Basic ${Buffer.from(`billing:${password}`).toString('base64')}`;
    const client = await outside.authority.issue('vm');
    const expired = await outside.authority.issue('vm', -1);
    const foreign = await (await createAuthority()).issue('vm');
    const right = { ...outside.sender, client, authorization: basic('right') };
    for (const wrong of [undefined, expired, foreign]) {
      const sender = { ...right, client: wrong };
      await expect(sendHttp(sender, 'traces', oneSpan(service))).rejects.toThrow();
      expect(await sendGrpc(sender, 'traces', grpcSpans(service))).toMatch(/^UNAVAILABLE: /);
    }
    const wrongPassword = { ...right, authorization: basic('wrong') };
    expect(await sendHttp(wrongPassword, 'traces', oneSpan(service))).toMatchObject({
      status: 401,
    });
    expect(await sendGrpc(wrongPassword, 'traces', grpcSpans(service))).toMatch(
      /^UNAUTHENTICATED: /,
    );
    const claim = { tenant: 'forged' };
    const gauge = {
      dataPoints: [{ timeUnixNano: now(), asInt: '1', attributes: keyValues(claim) }],
    };
    const metrics = metricsRequest(service, [{ name: 'e2e_external', gauge }], claim);
    expect(await sendHttp(right, 'metrics', metrics)).toMatchObject({ status: 200 });
    expect(await sendGrpc(right, 'traces', grpcSpans(service))).toBe('OK');
    await withUrls(['prometheus'], ({ prometheus }) =>
      eventually('the metric', async () => {
        const found = await queryPrometheus(prometheus, `e2e_external{service_name="${service}"}`);
        expect(found.map(({ labels }) => labels.tenant)).not.toContain('forged');
        if (found[0]?.labels.tenant !== 'billing') throw new RetryLater(JSON.stringify(found));
      }),
    );
  });

  test('client certificates alone stand for the sender of the settings', async () => {
    await deployWith(
      outside.access({
        tls: { secret: secrets.tls, clientCaSecret: secrets.ca },
        sender: 'vm-fleet',
      }),
    );
    const service = `e2e-fleet-${run}`;
    await expect(sendHttp(outside.sender, 'traces', oneSpan(service))).rejects.toThrow();
    const sender = { ...outside.sender, client: await outside.authority.issue('vm') };
    expect(await sendGrpc(sender, 'traces', grpcSpans(service))).toBe('OK');
    await expectTraces(service, 'vm-fleet');
  });
});
