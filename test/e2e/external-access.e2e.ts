import { randomBytes, randomUUID } from 'node:crypto';
import { kubectl, withoutNamespace } from '../../ops/cluster/kubectl.ts';
import { diagnoseStack } from '../../ops/doctor/doctor.ts';
import { RetryLater } from '../../ops/process/retry.ts';
import { countLoki } from '../../ops/stores/loki.ts';
import { logsRequest, severity, tracesRequest } from '../../ops/stores/otlp.ts';
import { queryPrometheus } from '../../ops/stores/prometheus.ts';
import { eventually, nowSeconds, session, withUrls } from './cluster.ts';
import { probeFrom } from './connection-probe.ts';
import { createAuthority, putCertificate, putSecret } from './external-authority.ts';
import {
  createOutside,
  deleteOutside,
  deployWith,
  type Outside,
  secrets,
  sessionWith,
} from './external-deployment.ts';
import {
  attribute,
  expectTraces,
  forgedItem,
  grpcSpans,
  now,
  oneSpan,
  span,
  tracesOf,
} from './external-items.ts';
import {
  type ExternalSender,
  sendGrpc,
  sendHttp,
  sendPlain,
  shownSerial,
} from './external-sender.ts';
import { createForwarder, sendThroughForwarder } from './forwarder.ts';
import { idlePod } from './idle-pod.ts';
import { describeOnRequest } from './on-request.ts';

const { settings, target } = session;
const other = { ...target, namespace: `${target.namespace}-e2e-external` };
const run = randomUUID().slice(0, 8);

const newToken = (sender: string) => `${sender}.${randomBytes(24).toString('hex')}`;

/** What is still refused or not yet in use, for as long as the kubelet takes to update a Secret. */
function eventuallySent(sender: ExternalSender, wanted: number): Promise<void> {
  return eventually(`the answer ${wanted}`, async () => {
    const { status } = await sendHttp(sender, 'traces', oneSpan(`e2e-wait-${run}`));
    if (status !== wanted) throw new RetryLater(`${status}`);
  });
}

describeOnRequest('OTLP from outside the cluster', () => {
  let outside: Outside;
  const tokens = { shop: newToken('shop-eu'), vm: newToken('vm-1') };
  const tokenFile = (...each: string[]) =>
    putSecret(secrets.credentials, { tokens: each.join('\n') });
  const withToken = (token: string): ExternalSender => ({
    ...outside.sender,
    authorization: `Bearer ${token}`,
  });

  beforeAll(async () => {
    outside = await createOutside();
    await kubectl(withoutNamespace(target), ['create', 'namespace', other.namespace]);
    await tokenFile(tokens.shop, tokens.vm);
    const bearerTokens = { secret: secrets.credentials };
    await deployWith(outside.access({ bearerTokens }, [other.namespace]));
  }, 400_000);

  afterAll(async () => {
    await kubectl(withoutNamespace(target), [
      ...['delete', 'namespace', other.namespace, '--ignore-not-found', '--wait=false'],
    ]);
    await deleteOutside();
  }, 400_000);

  test('no credential, a wrong one, plain text and another CA are refused, each with a clear answer', async () => {
    const spans = oneSpan(`e2e-refused-${run}`);
    for (const sender of [outside.sender, withToken(newToken('shop-eu')), withToken('shop-eu')]) {
      expect(await sendHttp(sender, 'traces', spans)).toMatchObject({ status: 401 });
      expect(await sendGrpc(sender, 'traces', grpcSpans('refused'))).toMatch(/^UNAUTHENTICATED: /);
    }
    const stranger = { ...withToken(tokens.shop), ca: (await createAuthority()).ca };
    await expect(sendHttp(stranger, 'traces', spans)).rejects.toThrow('certificate');
    const { address, ports } = outside.sender;
    const url = `http://${address}:${ports.http}/v1/traces`;
    const plain = await fetch(url, { method: 'POST', body: JSON.stringify(spans) });
    expect({ status: plain.status, text: await plain.text() }).toEqual({
      status: 400,
      text: 'Client sent an HTTP request to an HTTPS server.\n',
    });
    expect(await sendPlain(address, ports.grpc)).toBe('closed');
  });

  test('the sender is the one of the credential, whatever it says, in all three signals', async () => {
    const service = `e2e-sender-${run}`;
    for (const signal of ['metrics', 'logs', 'traces'] as const) {
      const answer = await sendHttp(withToken(tokens.shop), signal, forgedItem(signal, service));
      expect(answer.status).toBe(200);
    }
    expect(await sendGrpc(withToken(tokens.vm), 'traces', grpcSpans(service))).toBe('OK');
    await expectTraces(service, 'shop-eu');
    await expectTraces(service, 'vm-1');
    expect(await tracesOf(service, 'forged')).toBe(0);
    await withUrls(['prometheus', 'loki'], async ({ prometheus, loki }) => {
      const series = (matcher: string) =>
        queryPrometheus(prometheus, `e2e_external{service_name="${service}",${matcher}}`);
      const lines = (filter: string) =>
        countLoki(
          loki,
          `sum(count_over_time({service_name="${service}"} | ${filter} [30m]))`,
          nowSeconds(),
        );
      await eventually('the metric and the line', async () => {
        const found = [
          (await series('k8s_cluster_name="shop-eu"')).length,
          await lines('k8s_cluster_name="shop-eu"'),
        ];
        if (found.join() !== '1,1') throw new RetryLater(found.join());
      });
      expect(await series('k8s_cluster_name!="shop-eu"')).toEqual([]);
      expect(await lines('k8s_cluster_name!="shop-eu"')).toBe(0);
      const [sample] = await series('');
      // It comes through a node, and gets the names of no pod.
      expect(Object.keys(sample?.labels ?? {})).not.toContain('k8s_pod_name');
      expect(JSON.stringify(sample)).not.toContain('forged');
    });
  });

  test('a request above the limit is refused, also over gRPC', async () => {
    const large = logsRequest(`e2e-large-${run}`, [
      { timeUnixNano: now(), body: { stringValue: 'x'.repeat(5_000_000) } },
    ]);
    const sender = withToken(tokens.shop);
    expect(await sendHttp(sender, 'logs', large)).toMatchObject({
      status: 400,
      text: expect.stringContaining('request body too large'),
    });
    expect(await sendGrpc(sender, 'logs', large)).toMatch(/^RESOURCE_EXHAUSTED: /);
  });

  test('tokens and the certificate are replaced without a restart, and nothing is refused', async () => {
    const service = `e2e-rotation-${run}`;
    const next = newToken('shop-eu');
    const uid = () =>
      kubectl(target, ['get', 'pod', 'otel-collector-0', '--output=jsonpath={.metadata.uid}']);
    const before = await uid();
    const serial = await shownSerial(outside.sender);
    let token = tokens.shop;
    let sent = 0;
    let stop = false;
    const sending = (async () => {
      while (!stop) {
        const { status } = await sendHttp(withToken(token), 'traces', oneSpan(service));
        expect(status).toBe(200);
        sent += 1;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    })();
    await tokenFile(tokens.shop, `${next} since today`, tokens.vm);
    await putCertificate(secrets.tls, await outside.authority.issue('collector'));
    await eventuallySent(withToken(next), 200);
    token = next;
    await eventually('the new certificate', async () => {
      if ((await shownSerial(outside.sender)) === serial) throw new RetryLater('the old one');
    });
    await tokenFile(next, tokens.vm);
    await eventuallySent(withToken(tokens.shop), 401);
    stop = true;
    await sending;
    tokens.shop = next;
    expect(await uid()).toBe(before);
    await expectTraces(service, 'shop-eu', 20);
    expect(sent).toBeGreaterThan(20);
  });

  test.each(['outside', 'inside'] as const)(
    'the doctor %s sees that a credential is required',
    async (from) => {
      const bearerTokens = { secret: secrets.credentials };
      const { checks } = await diagnoseStack(
        sessionWith(outside.access({ bearerTokens })),
        30,
        from,
      );
      expect(checks.find(({ hop }) => hop === 'OTLP from outside')).toMatchObject({
        status: 'ok',
        seen: 'TLS and a credential are required; the certificate expires in 29 days',
      });
    },
  );

  test('only allowedSources connect, and only to these ports', async () => {
    const unlisted = { ...target, namespace: `${other.namespace}-unlisted` };
    await kubectl(withoutNamespace(target), ['create', 'namespace', unlisted.namespace]);
    try {
      const ip = await kubectl(target, [
        ...['get', 'pod', 'otel-collector-0', '--output=jsonpath={.status.podIP}'],
      ]);
      const targets = [4327, 4328, 4329, 8888].map((port) => ({
        name: `${port}`,
        host: ip,
        port,
      }));
      const open: Record<string, string[]> = {};
      for (const where of [other, unlisted]) {
        await kubectl(where, ['apply', '--filename=-'], { input: idlePod('idle') });
        await kubectl(where, ['wait', '--for=condition=Ready', 'pod/idle', '--timeout=60s']);
        const { connections } = await probeFrom('idle', 'idle', targets, where.namespace);
        open[where.namespace] = Object.keys(connections).filter(
          (name) => connections[name] === 'open',
        );
      }
      expect(open).toEqual({ [other.namespace]: ['4327', '4328'], [unlisted.namespace]: [] });
    } finally {
      await kubectl(withoutNamespace(target), [
        ...['delete', 'namespace', unlisted.namespace, '--wait=false'],
      ]);
    }
  });

  test('the collector of another cluster sends by collector.forward', async () => {
    const service = `e2e-second-${run}`;
    const host = `otel-collector-external.${target.namespace}`;
    const common = {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the collector expands it
      headers: { authorization: 'Bearer ${env:TOKEN}' },
      queueSize: '16Mi',
      tls: { caFile: '/etc/configmaps/ca/ca.crt' },
    };
    await createForwarder(other, {
      ca: outside.authority.ca,
      token: tokens.vm,
      destinations: [
        { ...common, name: 'http', endpoint: `https://${host}:4318`, signals: ['logs'] },
        {
          ...common,
          name: 'grpc',
          protocol: 'grpc',
          endpoint: `https://${host}:4317`,
          signals: ['traces'],
        },
      ],
    });
    const own = { [attribute]: settings.clusterName };
    await sendThroughForwarder(other, '/v1/traces', tracesRequest(service, [span()], own));
    const record = { timeUnixNano: now(), body: { stringValue: 'second' }, ...severity('INFO') };
    await sendThroughForwarder(other, '/v1/logs', logsRequest(service, [record], own));
    await expectTraces(service, 'vm-1');
    await withUrls(['loki'], ({ loki }) =>
      eventually('the line', async () => {
        const query = `sum(count_over_time({service_name="${service}"} | k8s_cluster_name="vm-1" [30m]))`;
        const lines = await countLoki(loki, query, nowSeconds());
        if (lines !== 1) throw new RetryLater(`${lines} lines`);
      }),
    );
    expect(await tracesOf(service, settings.clusterName)).toBe(0);
  });
});
